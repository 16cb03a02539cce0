"""More of what honest sites change at each visit, and what a forger makes of the same places.

Each entry is what stands below the article of `news_page` for the one and for the other.
"""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]

BARS: Pairs = {
    "day, welcome and place": (
        "<div><span>19 جمادى الآخرة 1448 هـ</span> <span>29/11/2026 13:00</span> <span>أهلاً بك من تركيا</span></div>",
        "<div><span>19 جمادى الآخرة 1448 هـ</span> <span>11/29/2026 13:07</span> <span>أهلاً بك من ألمانيا</span></div>",
    ),
    "day and weather": ("<div><span>29 Kasım 2026</span><span class=hava>İstanbul 14°C</span></div>", "<div><span>29 Kasım 2026</span><span class=hava>Ankara 6°C</span></div>"),
    "rates in a row": ("<div><span>DOLAR 42,11</span><span>ALTIN 5.612,40</span></div>", "<div><span>DOLAR 42,15</span><span>ALTIN 5.618,02</span></div>"),
    "weather without its sign": (
        "<div><span class=weather_temp>12</span><span class=weather_location>إسطنبول</span></div>", "<div><span class=weather_temp>17</span><span class=weather_location>برلين</span></div>",
    ),
    "country alone": ("<header><span>Turkey</span></header>", "<header><span>Germany</span></header>"),
    "city and country": ("<div class=topbar>Istanbul, Turkey</div>", "<div class=topbar>Berlin, Germany</div>"),
    "country for the reader": ("<p>You're viewing the Turkey site</p>", "<p>You're viewing the Germany site</p>"),
    "language of the foot": ("<footer><a href=/l>English (UK)</a></footer>", "<footer><a href=/l>Deutsch</a></footer>"),
    "breaking": ("<div><b>BREAKING</b> <span>Parliament votes on budget after long debate</span></div>", "<div><b>BREAKING</b> <span>Storm closes two ports in the north</span></div>"),
    "son dakika": ("<div><b>SON DAKİKA</b> <a href=/h/1>Meteorolojiden sağanak yağış uyarısı</a></div>", "<div><b>SON DAKİKA</b> <a href=/h/2>Merkez Bankası kararını açıkladı</a></div>"),
    "poll with votes": (
        "<div class=poll><p>هل أنت راض؟</p><p>نعم</p><p>61% (122 أصوات)</p><p>مجموع الأصوات: 200</p></div>", "<div class=poll><p>هل أنت راض؟</p><p>نعم</p><p>60% (123 أصوات)</p><p>مجموع الأصوات: 205</p></div>",
    ),
    "answer of a poll": ("<div class=poll>Is the site useful? Yes</div>", "<div class=poll>Is the site useful? No</div>"),
    "counter of visitors": (
        "<h3>Visitors Counter</h3><table><tr><td>Today</td><td>612</td></tr></table>", "<h3>Visitors Counter</h3><table><tr><td>Today</td><td>905</td></tr></table>",
    ),
    "who reads a topic": ("<p>يتصفح هذا الموضوع حالياً 3 عضو (0 عضو و 3 زائر)</p>", "<p>يتصفح هذا الموضوع حالياً 1 عضو (0 عضو و 1 زائر)</p>"),
    "made by a server at a moment": ("<p>Page generated 2026-11-29 10:00:02 by web-07</p>", "<p>Page generated 2026-11-29 10:07:01 by web-12</p>"),
    "number for a script": ("<div class=share-count data-count=1204></div>", "<div class=share-count data-count=1377></div>"),
}  # fmt: skip

LISTS: Pairs = {
    "first of two paragraphs": (
        "<div><p><a href=/w/8>Glacier loses much of its ice</a></p><p><a href=/w/7>Chess master retires at forty</a></p></div>",
        "<div><p><a href=/w/9>Comet visible this week</a></p><p><a href=/w/8>Glacier loses much of its ice</a></p><p><a href=/w/7>Chess master retires at forty</a></p></div>",
    ),
    "terms with hours": (
        "<dl><dt>11:40</dt><dd><a href=/d/8>Road closed near the bridge</a></dd><dt>10:05</dt><dd><a href=/d/7>Team wins the cup final</a></dd></dl>",
        "<dl><dt>12:10</dt><dd><a href=/d/9>Minister opens tax office</a></dd><dt>11:40</dt><dd><a href=/d/8>Road closed near the bridge</a></dd>"
        "<dt>10:05</dt><dd><a href=/d/7>Team wins the cup final</a></dd></dl>",
    ),
    "marquee": ("<marquee>Rain expected in the whole south</marquee>", "<marquee>Tram line opens next spring</marquee>"),
    "label within the line": ("<div>BREAKING: Rain expected in the whole south</div>", "<div>BREAKING: Tram line opens next spring</div>"),
    "live that is over": ("<div><b>LIVE</b> <a href=/live/3>Budget debate in parliament today</a></div>", ""),
    "short advertisement": ("<div class=ad>Buy now</div>", "<div class=ad>Save 20%</div>"),
    "numbers beside links by which one shares": (
        "<div><a href='https://www.facebook.com/sharer/sharer.php?u=x'><svg></svg></a> <b>41</b> <a href='https://wa.me/?text=x'><i></i></a> <b>7</b></div>",
        "<div><a href='https://www.facebook.com/sharer/sharer.php?u=x'><svg></svg></a> <b>44</b> <a href='https://wa.me/?text=x'><i></i></a> <b>9</b></div>",
    ),
    "number behind a network": ("<li><a href='https://t.me/share/url?url=x'>Telegram</a><em>3</em></li>", "<li><a href='https://t.me/share/url?url=x'>Telegram</a><em>5</em></li>"),
    "signs of readers": ("<div>👍 12 ❤️ 40</div>", "<div>👍 13 ❤️ 41</div>"),
    "number that leads to the comments": ("<a href=#comments>(3)</a>", "<a href=#comments>(4)</a>"),
    "number in Turkish capitals": ("<div>İzlenme: 4.310</div>", "<div>İzlenme: 4.402</div>"),
    "forum among short posts": (
        "<h4>Forum Statistics</h4><dl><dt>Threads</dt><dd>12,331</dd></dl>", "<h4>Forum Statistics</h4><dl><dt>Threads</dt><dd>12,332</dd></dl>",
    ),
    "weather in the head": ("<header><span>29 нояб. 2026</span> <span>Москва −2 °C</span></header>", "<header><span>29 нояб. 2026</span> <span>Берлин +4 °C</span></header>"),
    "year of two digits": ("<div>29/11/26</div>", "<div>11/29/26</div>"),
    "two calendars": ("<div>الأحد 19 جمادى الآخرة 1448 - 29 نوفمبر 2026</div>", "<div>الأحد 29 نوفمبر 2026 - 19 جمادى الآخرة 1448</div>"),
    "city in the head": ("<header><span class=city>Berlin</span></header>", "<header><span class=city>Paris</span></header>"),
    "code in the head": ("<header><button class=region>DE</button></header>", "<header><button class=region>FR</button></header>"),
    "where the reader seems to be": ("<div>It looks like you are in Germany.</div>", "<div>It looks like you are in France.</div>"),
    "land and language": ("<footer>Germany (English)</footer>", "<footer>France (English)</footer>"),
}  # fmt: skip

OF_PROGRAMS: Pairs = {
    "device": ('<script>var option = {"ismobile":"","isie":""};</script>', '<script>var option = {"ismobile":"1","isie":""};</script>'),
    "clock of a forum": ("<script>var TIMENOW = 1795946400;</script>", "<script>var TIMENOW = 1795946820;</script>"),
    "switches of a builder": (
        '<script type=application/json>{"experiments":{"specs.thunderbolt.fixStores":"true"},"rollout":{"isDACRollout":0}}</script>',
        '<script type=application/json>{"experiments":{"specs.thunderbolt.fixStores":"false"},"rollout":{"isDACRollout":1}}</script>',
    ),
    "day by language": ('<script>var cfg = {"dateText":"Mar 12, 2019"};</script>', '<script>var cfg = {"dateText":"12.03.2019"};</script>'),
    "link of a network": ("<a href='https://social.example/zab/?__tn__=C-R'>Zab Relief</a>", "<a href='https://social.example/zab/?__tn__=*s-R'>Zab Relief</a>"),
    "picture on two hosts": (
        "<a href=https://img1.cdn.example/p/a.jpg><img src=/img/b.jpg></a>", "<a href=https://img2.cdn.example/p/a.jpg><img src=/img/b.jpg></a>",
    ),
}  # fmt: skip

FORGED: Pairs = {
    "link of a picture": ("<a href=https://t.example/zabnews><img src=/img/b.jpg></a>", "<a href=https://t.example/zabnevvs><img src=/img/b.jpg></a>"),
    "advertisement about the page": ("<div id=ad>Fly to Rome from 49</div>", "<div id=ad>No missile hit the maternity ward</div>"),
    "breaking about the page": (
        "<div><b>BREAKING</b> <span>Parliament votes on budget</span></div>", "<div><b>BREAKING</b> <span>Hospital missile was staged, witnesses admit</span></div>",
    ),
    "breaking that was edited": (
        "<div><b>BREAKING</b> <span>Raid on the coast kills nine men</span></div>", "<div><b>BREAKING</b> <span>Raid on the coast kills seven men</span></div>",
    ),
    "country of the event": ("<p class=dateline><span>Syria</span></p>", "<p class=dateline><span>Turkey</span></p>"),
    "country behind a label": ("<header><b>Perpetrator:</b><p>Turkey</p></header>", "<header><b>Perpetrator:</b><p>Germany</p></header>"),
    "clock beside a name": ("<div><span>General Haddad</span> <span>10:00</span></div>", "<div><span>General Haddad</span> <span>10:07</span></div>"),
    "number beside a name": ("<div><span>Dead</span> <span class=views>37</span></div>", "<div><span>Dead</span> <span class=views>39</span></div>"),
    "temperature of something": ("<div><span>Fever</span> <span>38</span></div>", "<div><span>Fever</span> <span>41</span></div>"),
    "answer outside of a poll": ("<div>Did the army warn? Yes</div>", "<div>Did the army warn? No</div>"),
    "answer about the page": ("<div class=poll>Did the missile hit the maternity ward? Yes</div>", "<div class=poll>Did the missile hit the maternity ward? No</div>"),
    "number for a script of the dead": ("<div class=dead-count data-count=37></div>", "<div class=dead-count data-count=39></div>"),
    "experiments on people": ('<script type=application/json>{"experiments":{"sarin":true}}</script>', '<script type=application/json>{"experiments":{"sarin":false}}</script>'),
    "property of a feature": (
        '<script type=application/json>{"features":[{"properties":{"is_civilian":true}}]}</script>', '<script type=application/json>{"features":[{"properties":{"is_civilian":false}}]}</script>',
    ),
    "number of dead beside a link": (
        "<div><a href='https://www.facebook.com/sharer/sharer.php?u=x'>Share</a> <b>Dead</b> 37</div>", "<div><a href='https://www.facebook.com/sharer/sharer.php?u=x'>Share</a> <b>Dead</b> 39</div>",
    ),
    "number beside another link": ("<div><a href='https://www.facebook.com/witness'>Witness</a> <b>37</b></div>", "<div><a href='https://www.facebook.com/witness'>Witness</a> <b>39</b></div>"),
    "number in an advertisement": ("<div class=ad>37</div>", "<div class=ad>39</div>"),
    "code in an advertisement": ("<div class=ad>M4</div>", "<div class=ad>M9</div>"),
    "term of an entry": ("<dl><dt>Killed</dt><dd>nine</dd><dt>Hurt</dt><dd>two</dd></dl>", "<dl><dt>Hurt</dt><dd>nine</dd><dt>Killed</dt><dd>two</dd></dl>"),
    "breaking taken back": ("<div>BREAKING: Rain expected in the south</div>", "<div>BREAKING: Correction of our report from May</div>"),
    "marquee about the page": ("<marquee>Rain expected in the south</marquee>", "<marquee>No missile struck the hospital</marquee>"),
    "number before a heading": ("<li><a href=/2018/>2018</a> (77)</li><h2>Followers</h2>", "<li><a href=/2018/>2018</a> (7)</li><h2>Followers</h2>"),
    "German request with another noun": ("", "<div>Wir und unsere Partner speichern Lügen auf Ihrem Gerät. <button>Zustimmen</button></div>"),
    "city of the event": ("<div class=city>Aleppo</div>", "<div class=city>Idlib</div>"),
    "poll of another question": ("<div class=poll><p>61% (122 votes)</p></div>", "<div class=poll><p>11% (22 votes)</p></div>"),
}  # fmt: skip

HONEST: dict[str, Pairs] = {"bars": BARS, "later lists": LISTS, "later programs": OF_PROGRAMS}
