"""What pages in German, Turkish, Russian, Ukrainian, Persian and Kurdish change at each visit, and what a forger changes.

Each entry is what stands below the article of `news_page` for the one and for the other.
"""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]

COUNTERS: Pairs = {
    "German": ("<p>1.204 Aufrufe · 45-mal geteilt · 12 Kommentare</p>", "<p>1.377 Aufrufe · 47-mal geteilt · 13 Kommentare</p>"),
    "Turkish": ("<p>1.204 okunma · 45 paylaşım · 130 beğeni</p>", "<p>1.377 okunma · 47 paylaşım · 139 beğeni</p>"),
    "Russian": ("<p>Прочитали 1204 раза</p><p>12 комментариев</p>", "<p>Прочитали 1377 раз</p><p>13 комментариев</p>"),
    "Ukrainian": ("<p>1204 перегляди</p><p>2 коментарі</p>", "<p>1377 переглядів</p><p>5 коментарів</p>"),
    "Persian": ("<p>بازدید: ۱۲۰۴</p><p>۴۵ پسند</p>", "<p>بازدید: ۱۳۷۷</p><p>۴۷ پسند</p>"),
    "Kurdish": ("<p>1204 xwendin</p><p>3 şîrove</p>", "<p>1377 xwendin</p><p>4 şîrove</p>"),
    "Arabic total": ("<p>إجمالي الزيارات: 12,884,120</p>", "<p>إجمالي الزيارات: 12,886,934</p>"),
    "work of a German server": ("<p>Seite erzeugt in 0,12 Sekunden</p>", "<p>Seite erzeugt in 0,15 Sekunden</p>"),
    "work of a German forum": (
        "<p>Zeit: 0.041s | Abfragen: 12 | Peak Speicherverbrauch: 3.2 MiB</p>", "<p>Zeit: 0.055s | Abfragen: 11 | Peak Speicherverbrauch: 3.1 MiB</p>",
    ),
    "work of a Russian server": ("<p>Страница сгенерирована за 0,21 сек.</p>", "<p>Страница сгенерирована за 0,18 сек.</p>"),
    "online in German": (
        "<h3>Wer ist online?</h3><p>Mitglieder in diesem Forum: 0 Mitglieder und 2 Gäste</p>", "<h3>Wer ist online?</h3><p>Mitglieder in diesem Forum: 0 Mitglieder und 5 Gäste</p>",
    ),
}  # fmt: skip

TIMES: Pairs = {
    "German day": ("<p>Sonntag, 29. November 2026</p>", "<p>So., 29.11.2026</p>"),
    "German clock": ("<p>Aktuelle Zeit: So 29. Nov 2026, 11:00</p>", "<p>Aktuelle Zeit: So 29. Nov 2026, 11:07</p>"),
    "German age": ("<p>Aktualisiert vor 3 Minuten</p>", "<p>Aktualisiert vor 10 Minuten</p>"),
    "Turkish day": ("<p>29 Kasım 2026 Pazar</p>", "<p>29 KASIM 2026, Pazar</p>"),
    "Turkish age": ("<p>3 dakika önce güncellendi</p>", "<p>10 dakika önce güncellendi</p>"),
    "Russian day": ("<p>29 ноября 2026, воскресенье</p>", "<p>воскресенье, 29 ноября 2026</p>"),
    "Russian age": ("<p>Обновлено 5 минут назад</p>", "<p>Обновлено 2 минуты назад</p>"),
    "Ukrainian day": ("<p>Неділя, 29 листопада 2026</p>", "<p>29 листопада 2026, неділя</p>"),
    "Ukrainian age": ("<p>3 хвилини тому</p>", "<p>10 хвилин тому</p>"),
    "Persian day": ("<p>یکشنبه ۸ آذر ۱۴۰۵</p>", "<p>یکشنبه ۰۸ آذر ۱۴۰۵</p>"),
    "Persian clock": ("<p>یکشنبه ۸ آذر ۱۴۰۵ ۱۳:۳۰</p>", "<p>یکشنبه ۸ آذر ۱۴۰۵ ۱۳:۳۷</p>"),
    "Persian age": ("<p>به‌روزرسانی: ۵ دقیقه پیش</p>", "<p>به‌روزرسانی: ۲ دقیقه پیش</p>"),
    "Kurdish day": ("<p>29 Mijdar 2026</p>", "<p>29ê Mijdara 2026</p>"),
    "one day in two orders": ("<p>29/11/2026</p>", "<p>11/29/2026</p>"),
    "one day in two forms": ("<p>29/11/2026 13:00</p>", "<p>2026-11-29 13:07</p>"),
    "Arabic months of two lands": ("<p>29 تشرين الثاني 2026</p>", "<p>29 نوفمبر 2026</p>"),
    "a day of long ago in two forms": ("<p>Mar 12, 2019</p>", "<p>12.03.2019</p>"),
}  # fmt: skip

REQUESTS: Pairs = {
    "German cookies": (
        "", "<div><p>Wir verwenden Cookies, um Ihnen ein optimales Nutzungserlebnis zu bieten. Mit Ihrer Zustimmung verarbeiten wir und unsere 145 Partner"
        " personenbezogene Daten.</p><button>Alle akzeptieren</button><button>Ablehnen</button></div>",
    ),
    "German subscription": ("<div><p>Jetzt 4 Wochen kostenlos testen, jederzeit kündbar.</p><a href=/abo>Jetzt abonnieren</a></div>", ""),
    "Turkish cookies": (
        "", "<div><p>Size daha iyi hizmet sunabilmek için çerezler kullanıyoruz. Sitemizi kullanarak çerez politikamızı kabul etmiş olursunuz.</p>"
        "<button>Kabul Et</button><button>Reddet</button></div>",
    ),
    "Turkish newsletter": ("", "<div><p>E-bültenimize abone olun, haberler e-posta adresinize gelsin.</p><input type=email placeholder='E-posta adresiniz'></div>"),
    "Russian cookies": (
        "<div>Мы используем файлы cookie, чтобы улучшить работу сайта. Продолжая пользоваться сайтом, вы соглашаетесь с этим. <button>Принять</button></div>", "",
    ),
    "Russian newsletter": ("", "<div><p>Подпишитесь на нашу рассылку и получайте главные новости на почту.</p><input placeholder='Ваш e-mail'><button>Подписаться</button></div>"),
    "Ukrainian gifts": ("", "<div>Підтримайте незалежну журналістику. <a href=/donate>Підтримати</a></div>"),
    "Persian cookies": ("<div>این وب‌سایت از کوکی‌ها برای بهبود تجربه شما استفاده می‌کند. <button>قبول</button></div>", ""),
    "Persian newsletter": ("", "<div><p>برای دریافت خبرنامه ایمیل خود را وارد کنید.</p><button>عضویت</button></div>"),
    "Kurdish cookies": ("<div>Em ji bo baştirkirina malperê çerezan bi kar tînin. <button>Qebûl bike</button></div>", ""),
}  # fmt: skip

FORGED: Pairs = {
    "dead for readers, Turkish": ("<p>1.204 okunma</p>", "<p>1.204 ölü</p>"),
    "dead for readers, Russian": ("<p>1204 просмотра</p>", "<p>1204 погибших</p>"),
    "dead, Persian": ("<p>کشته: ۱۲۰۴</p>", "<p>کشته: ۱۳۷۷</p>"),
    "dead, Kurdish": ("<p>1204 kuştî</p>", "<p>1377 kuştî</p>"),
    "another day, German": ("<p>12. März 2019</p>", "<p>13. März 2019</p>"),
    "another day, Turkish": ("<p>12 Mart 2019</p>", "<p>12 Mayıs 2019</p>"),
    "another day, Persian": ("<p>۲۱ اسفند ۱۳۹۷</p>", "<p>۲۲ اسفند ۱۳۹۷</p>"),
    "another day of the week": ("<p>Dienstag, 12. März 2019</p>", "<p>Mittwoch, 12. März 2019</p>"),
    "day and month exchanged": ("<p>03/12/2019</p>", "<p>12/03/2019</p>"),
    "another day in another form": ("<p>Mar 12, 2019</p>", "<p>13.03.2019</p>"),
    "a clock of no visit": ("<p>Aktuelle Zeit: So 29. Nov 2026, 11:00</p>", "<p>Aktuelle Zeit: Do 26. Nov 2026, 11:07</p>"),
    "three days before the attack": ("<p>Olaydan 3 gün önce</p>", "<p>Olaydan 4 gün önce</p>"),
    "cookies that accuse, German": ("", "<div>Wir verwenden Cookies, um die Zahl der Toten zu verbergen. <button>Ablehnen</button></div>"),
    "cookies that accuse, Turkish": ("", "<div>Çerezler kullanıyoruz, haber yalan çıktı. <button>Kabul Et</button></div>"),
    "cookies that accuse, Russian": ("<div>Мы используем файлы cookie.</div>", "<div>Мы используем файлы cookie, чтобы скрыть правду.</div>"),
    "cookies that accuse, Persian": ("", "<div>این وب‌سایت از کوکی‌ها برای پنهان کردن کشته‌ها استفاده می‌کند.</div>"),
    "gifts that accuse, Ukrainian": ("", "<div>Підтримайте бойовиків, які були у лікарні. <a href=/donate>Підтримати</a></div>"),
}  # fmt: skip

HONEST: dict[str, Pairs] = {
    "counters by language": COUNTERS, "times by language": TIMES, "requests by language": REQUESTS,
}  # fmt: skip
