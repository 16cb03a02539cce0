"""Phrases of error, login and block pages, in the languages of our sources."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.capture.classify.quotes import fold
from archive.capture.classify.response import Case

SHORT = 1500
"""Characters of text up to which a page may be an error page."""


def _folded(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(phrase) for phrase in phrases)


def folded(*phrases: str) -> tuple[str, ...]:
    """Phrases as `phrase_in_text` compares them."""
    return _folded(phrases)


_EXCUSES = frozenset(
    _folded(
        (
            "oops", "ooops", "whoops", "uh", "oh", "sorry", "error", "404", "410", "http", "status", "خطأ", "عذرا",
            "عفوا", "erreur", "fehler", "ошибка", "hata", "خطای",
        )
    )
)  # fmt: skip

NOT_FOUND_TITLES = frozenset(
    _folded(
        (
            "not found", "page not found", "file not found", "content not found", "article not found", "post not found",
            "document not found", "resource not found", "video not found", "object not found", "url not found",
            "the page cannot be found", "the page can't be found", "that page can't be found", "page can't be found",
            "this page can't be found", "page cannot be found", "the page you requested could not be found",
            "the page you were looking for could not be found", "the requested page could not be found",
            "this page doesn't exist", "this page does not exist", "page does not exist", "page doesn't exist",
            "page no longer exists", "page missing", "page unavailable", "page not available", "nothing found",
            "this page isn't available", "this page is no longer available", "content not available",
            "this content isn't available right now", "content unavailable", "page removed", "article unavailable",
            "الصفحة غير موجودة", "الصفحة المطلوبة غير موجودة", "هذه الصفحة غير موجودة", "لم يتم العثور على الصفحة",
            "لم يتم العثور على الصفحة المطلوبة", "لم نعثر على الصفحة", "الصفحة غير متوفرة", "الصفحة غير متاحة",
            "هذه الصفحة غير متوفرة", "هذه الصفحة غير متاحة", "المحتوى غير متوفر", "المحتوى غير متاح", "غير موجود",
            "غير موجودة", "الصفحة لم تعد موجودة", "المقال غير موجود", "الملف غير موجود", "لا توجد هذه الصفحة",
            "page introuvable", "page non trouvée", "seite nicht gefunden", "página no encontrada",
            "página não encontrada", "pagina non trovata", "pagina niet gevonden", "страница не найдена",
            "sayfa bulunamadı", "صفحه یافت نشد", "صفحه مورد نظر یافت نشد", "لاپەڕە نەدۆزرایەوە", "rûpel nehat dîtin",
        )
    )
)  # fmt: skip

NOT_FOUND_TEXTS = _folded(
    (
        "page not found", "404 not found", "error 404", "page could not be found", "page cannot be found",
        "page can't be found", "page was not found", "page doesn't exist", "page does not exist",
        "page no longer exists", "nothing was found at this location", "could not find the page",
        "couldn't find the page", "can't find the page", "cannot find the page", "page you are looking for",
        "page you were looking for", "page you requested", "requested page", "could not find what you were looking for",
        "couldn't find what you were looking for", "may have been removed", "may have been moved", "has been removed",
        "no longer available", "requested url was not found", "not found on this server",
        "page has been deleted", "page was deleted", "has not yet been created", "account has been deleted",
        "this page isn't available", "content isn't available", "link you followed may be broken",
        "can't seem to find", "article has been removed", "no results for", "no results found", "nothing matched your",
        "الصفحة غير موجودة", "لم يتم العثور على الصفحة", "الصفحة المطلوبة", "الصفحة التي تبحث عنها",
        "الصفحة التي طلبتها", "لم نعثر على", "غير موجودة أو", "تم حذف", "ربما تم نقل", "لم تعد متوفرة", "لم تعد موجودة",
        "لم يعد متاحا", "لم يعد متوفرا", "لم يعد موجودا", "المحتوى الذي تبحث عنه", "الرابط الذي اتبعته", "قد أزيلت",
        "تمت إزالة", "لا توجد نتائج", "page introuvable", "page demandée", "page que vous recherchez",
        "n'existe pas ou", "n'existe plus", "aucun résultat", "seite nicht gefunden", "seite wurde nicht gefunden",
        "existiert nicht", "nicht mehr verfügbar", "keine ergebnisse",
        "página no encontrada", "página não encontrada", "pagina non trovata", "страница не найдена",
        "sayfa bulunamadı", "صفحه یافت نشد",
    )
)  # fmt: skip

LOGIN_TITLES = frozenset(
    _folded(
        (
            "log in", "login", "sign in", "signin", "log in or sign up", "log in to continue", "sign in to continue",
            "please log in", "please sign in", "login required", "authentication required", "log in to facebook",
            "log into facebook", "log into instagram", "log in to x", "log in to twitter", "log in to tiktok",
            "log in or sign up to view", "log in or register to view", "linkedin login",
            "log in to your account", "sign in to your account", "member login", "user login",
            "login to view", "members only", "members area", "subscribers only", "دخول المشتركين", "للأعضاء فقط",
        "للمشتركين فقط", "identification", "identifiez-vous", "réservé aux abonnés", "einloggen",
            "تسجيل الدخول", "تسجيل دخول", "سجل الدخول", "الدخول", "دخول الأعضاء", "connexion",
            "se connecter", "anmelden", "anmeldung", "iniciar sesión", "entrar", "accedi", "inloggen", "вход", "войти",
            "giriş yap", "ورود",
        )
    )
)  # fmt: skip

LOGIN_TEXTS = _folded(
    (
        "you must log in to continue", "you must be logged in to", "please log in to continue",
        "please sign in to continue", "log in to see", "login to view this", "you need to log in",
        "you need to be logged in", "you are not logged in or you do not have permission",
        "registered and logged in to view", "sign in to view", "vous devez être connecté", "veuillez vous connecter",
        "connectez-vous pour", "bitte melden sie sich an", "bitte loggen sie sich ein", "müssen angemeldet sein",
        "inicia sesión para", "devi effettuare l'accesso", "oturum açmanız gerekiyor", "войдите, чтобы",
        "سجل دخولك", "قم بتسجيل الدخول", "للأعضاء فقط", "members only", "يجب تسجيل الدخول", "يجب عليك تسجيل الدخول",
        "يرجى تسجيل الدخول", "الرجاء تسجيل الدخول", "قم بتسجيل الدخول للمتابعة", "سجل الدخول للمتابعة",
    )
)  # fmt: skip

CONSENT_TITLES = _folded(
    (
        "before you continue", "قبل المتابعة", "bevor sie", "avant d'accéder", "avant de continuer",
        "antes de continuar", "antes de ir", "prima di continuare", "voordat je verdergaat", "прежде чем",
        "your privacy choices", "cookie consent", "we value your privacy", "we care about your privacy",
    )
)  # fmt: skip
CONSENT_WHOLE_TITLES = frozenset(
    _folded(
        (
            "zustimmung", "zustimmung erforderlich", "ihre zustimmung", "einwilligung", "datenschutzeinstellungen",
            "datenschutz-einstellungen", "privatsphäre-einstellungen", "cookie-einstellungen", "cookie settings",
            "privacy settings", "privacy preferences", "your consent", "consent required", "votre vie privée",
            "le respect de votre vie privée", "nous respectons votre vie privée", "gestion des cookies",
            "consentement", "tu privacidad", "la tua privacy", "toestemming", "çerez ayarları", "نحن نقدر خصوصيتك",
            "خصوصيتك", "إعدادات الخصوصية", "إعدادات ملفات تعريف الارتباط", "الموافقة على ملفات تعريف الارتباط",
        )
    )
)  # fmt: skip
"""Count only as the whole title or a whole part of it: an article may begin with such words."""
CONSENT_TEXTS = _folded(("cookie", "ملفات تعريف الارتباط", "الكوكيز", "файлы cookie", "consent"))

AGREE_TEXTS = _folded(
    ("accept", "agree", "reject all", "zustimmen", "akzeptieren", "ablehnen", "accepter", "refuser", "aceptar",
     "accetta", "akkoord", "accepteren", "kabul", "принять", "согласен", "قبول", "أوافق", "موافق")
)  # fmt: skip

AGE_TITLES = frozenset(
    _folded(
        ("age verification", "age check", "age restricted", "are you over 18", "altersprüfung", "altersverifikation",
         "vérification de l'âge", "verificación de edad", "التحقق من العمر", "تأكيد العمر")
    )
)  # fmt: skip
AGE_TEXTS = _folded(
    ("confirm your age", "confirm that you are over", "18 or older", "over 18", "of legal age", "age restricted",
     "über 18", "mindestens 18", "plus de 18 ans", "mayor de 18", "أكبر من 18", "فوق 18", "تأكيد عمرك")
)  # fmt: skip

HUMAN_TEXTS = _folded(
    (
        "verify you are human", "verify that you are human", "verify you're human", "confirm you are human",
        "prove you are human", "are you a robot", "not a robot", "not a bot", "complete the security check",
        "human verification", "complete the captcha", "solve the captcha", "checking your browser",
        "لست روبوت", "أنك إنسان", "أنك لست آلة", "رمز التحقق أدناه", "kein roboter", "kein bot", "dass sie ein mensch",
        "pas un robot", "que vous êtes humain", "no soy un robot", "no eres un robot", "non sono un robot",
        "robot olmadığınızı", "не робот", "ربات نیستید",
    )
)  # fmt: skip
"""Without "security check": reports are full of checkpoints."""

PAYWALL_TEXTS = _folded(
    (
        "subscribe to continue", "subscribe to read", "subscribe to keep reading", "to continue reading",
        "already a subscriber", "this article is for subscribers", "for subscribers only", "subscriber-only",
        "reached your limit of free", "weiterlesen mit", "jetzt abonnieren", "artikel freischalten", "mit abo lesen",
        "réservé aux abonnés", "la suite est réservée", "abonnez-vous pour", "suscríbete para", "abbonati per",
        "اشترك للمتابعة", "اشترك لقراءة", "للمشتركين فقط", "لقراءة المزيد اشترك",
    )
)  # fmt: skip

CLOSED_TITLES = frozenset(
    _folded(
        (
            "maintenance", "maintenance mode", "site maintenance", "under maintenance", "site under maintenance",
            "scheduled maintenance", "website maintenance", "down for maintenance", "be right back",
            "service unavailable", "503 service unavailable", "temporarily unavailable", "we'll be back soon",
            "database error", "en maintenance", "site en maintenance", "maintenance en cours",
            "wartung", "wartungsarbeiten", "wartungsmodus",
            "en mantenimiento", "sitio en mantenimiento", "in manutenzione", "bakım çalışması", "bakımdayız",
            "технические работы", "الموقع تحت الصيانة", "تحت الصيانة", "الموقع قيد الصيانة", "صيانة", "صيانة الموقع",
        )
    )
)  # fmt: skip
"""Count only as the whole title or a whole part of it."""
CLOSED_TEXTS = _folded(
    (
        "maintenance", "back soon", "be right back", "check back", "temporarily unavailable", "try again later",
        "database connection", "wartung", "gleich zurück", "mantenimiento", "manutenzione", "bakım",
        "технические работы", "صيانة", "سنعود",
    )
)  # fmt: skip

WITHHELD_TITLES = frozenset(
    _folded(
        ("not available", "unavailable", "content unavailable", "not available in your country", "access restricted",
         "region restricted", "غير متاح", "غير متوفر", "non disponible", "nicht verfügbar", "no disponible")
    )
)  # fmt: skip

GEO_TEXTS = _folded(
    (
        "not available in your country", "not available in your region", "unavailable in your country",
        "unavailable in your region", "not available in your location", "access from your country",
        "blocked in your country", "block access from your country", "banned your country", "your country or region",
        "the country or region your ip address is in", "from your geographic location", "in your geographic region",
        "from a country belonging to the european economic area",
        "this region is not supported", "aus rechtlichen gründen in ihrem land", "dans votre région",
        "غير متاح في بلدك", "غير متوفر في بلدك", "غير متاح في منطقتك", "غير متوفر في منطقتك", "محظور في بلدك",
        "nicht in deinem land verfügbar", "pas disponible dans votre pays", "no está disponible en su país",
    )
)  # fmt: skip

_PAGE_SUFFIX = re.compile(r"\.(?:[sx]?html?|php\d?|aspx?|jspx?|do|cfm)\Z", re.IGNORECASE)
_SEGMENTS = re.compile(r"\s+[-–—/]\s+|\s*[|»«·•‹›]+\s*")


def phrase_in_title(title: str, phrases: frozenset[str]) -> bool:
    """True where the title, or a whole part of it between dashes or bars, is one of the phrases."""
    segments = [fold(segment) for segment in (*_SEGMENTS.split(title), title)]
    return any(segment in phrases for segment in segments if segment)


def title_is_not_found(title: str) -> bool:
    """True where a whole part of the title is such a phrase, without "404", "Error" and "Oops"."""
    for segment in (*_SEGMENTS.split(title), title):
        words = fold(segment).split()
        left = [word for word in words if word not in _EXCUSES]
        if " ".join(left) in NOT_FOUND_TITLES or (words and not left and "404" in words):
            return True
    return False


def title_is_error(title: str) -> bool:
    """True where a whole part of the title says that there is an error, and nothing else."""
    segments = (fold(segment).split() for segment in (*_SEGMENTS.split(title), title))
    return any(words and all(word in _EXCUSES for word in words) for words in segments)


def names_its_address(case: Case) -> bool:
    """True where the page has the words of its own address: it is about such pages, and is not one."""
    path = _PAGE_SUFFIX.sub("", case.cited.path)
    words = {word for word in fold(path).split() if len(word) > 3 and not word.isdigit()}
    said = set(fold(f"{case.response.title} {case.response.text}").split())
    return len(words & said) >= 2 and len(words & said) * 2 >= len(words)


def phrase_in_text(text: str, phrases: tuple[str, ...]) -> str | None:
    """The first of the phrases that the text holds."""
    folded = fold(text)
    return next((phrase for phrase in phrases if phrase in folded), None)
