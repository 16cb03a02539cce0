"""What a forger changes below or in an article: every pair contradicts, whatever the change is dressed as.

Each entry is what stands below the article of `news_page` in the honest page and in the forged one.
"""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]


def swapped(text: str, old: str, new: str) -> tuple[str, str]:
    assert old in text
    return text, text.replace(old, new)


def exchanged(text: str, one: str, other: str) -> tuple[str, str]:
    """Two values that change places."""
    assert one in text and other in text
    return text, text.replace(one, "\0").replace(other, one).replace("\0", other)


NAMES: Pairs = {
    "id of a name": swapped("<p id=ad-dana>Water came to Dana</p>", "Water came", "Soldiers came"),
    "class of a name": swapped("<div class=ad-dana-village><p>Two houses burned</p></div>", "Two", "Nine"),
    "country code": ("<p><a href=https://news.ad/a>Statement</a></p>", "<p><a href=https://news.ad/b>Statement</a></p>"),
    "country code, its picture": ("<img src=https://cdn.ad/a.jpg>", "<img src=https://cdn.ad/b.jpg>"),
    "ad hoc": swapped("<p><a href=/ad-hoc-tribunal/1>Judgment of the chamber</a></p>", "/1", "/2"),
    "ad hoc, its text": swapped("<p><a href=/ad-hoc-tribunal/1>Judgment: guilty</a></p>", "guilty", "acquitted"),
    "banner": swapped("<div class=banner>Truce signed in Geneva</div>", "signed", "broken"),
    "banner that is replaced": ("<div class=banner>Truce signed in Geneva</div>", "<div class=banner>Fighting goes on everywhere</div>"),
    "promo": swapped("<div class=promo><p>Hearing moved to Monday</p></div>", "Monday", "Friday"),
    "sponsors": swapped("<ul class=sponsors><li>Ministry of Defence</li></ul>", "Defence", "Health"),
    "sponsors that are linked": ("<ul class=sponsors><li><a href=https://mod.example>Ministry of Defence</a></ul>", "<ul class=sponsors><li><a href=https://ngo.example>Red Crescent</a></ul>"),
    "sponsor of a bill": swapped("<p class=sponsor>Sponsor: Sen. Hart</p>", "Hart", "Cole"),
    "picture in a folder": ("<img src=/ads/a.jpg>", "<img src=/ads/b.jpg>"),
    "picture in a banner": ("<div class=banner><img src=/a.jpg></div>", "<div class=banner><img src=/b.jpg></div>"),
    "edited in an advertisement": swapped("<div class=ad><p>General Saleh donates flour to the poor</p></div>", "donates", "denies"),
    "dates of a campaign": swapped("<div class=ad-slot><p>March for justice on 3 May at noon</p></div>", "3 May", "4 May"),
    "advertise": swapped("<div class=advertise-note><p>Published by the army</p></div>", "army", "rebels"),
    "gpt": swapped("<div class=gpt><p>Summary written by a machine</p></div>", "a machine", "an editor"),
    "adv": swapped("<p class=adv>Advisory: road closed</p>", "closed", "open"),
    "country field": swapped("<div class=country>Syria</div>", "Syria", "Iraq"),
    "region field": swapped("<span class=region>Idlib</span>", "Idlib", "Hama"),
    "temperature field": swapped("<div class=temperature>39°C</div>", "39", "36"),
    "temperature with words": swapped("<div class=temperature><p>Body core 4°C</p></div>", "4°", "14°"),
    "locale field": swapped("<div class=locale>Mariupol</div>", "Mariupol", "Melitopol"),
    "city in the footer": swapped("<footer><span class=city>Aleppo</span></footer>", "Aleppo", "Homs"),
    "geo field": swapped("<div class=geo>36.2021, 37.1343</div>", "37.1343", "37.9343"),
    "price in a report": swapped("<aside><p>Bribe: $500</p></aside>", "500", "5000"),
    "cookie named place": swapped("<div class=cookie-factory><p>Forty workers were held</p></div>", "Forty", "Four"),
    "consent as a subject": swapped("<div class=consent><p>The women gave no consent</p></div>", "no consent", "consent"),
    "privacy as a subject": ("", "<div class=consent><p>The prisoners had no privacy in the cell</p></div>"),
    "dialog with news": ("", "<div role=dialog><p>The article was withdrawn</p><button>OK</button></div>"),
    "login dialog with news": ("", "<div role=dialog><h2>Log in</h2><p>Nobody was hurt in the attack</p></div>"),
    "poll of an election": swapped("<div class=results><span>Party A 45%</span> <span>Party B 55%</span></div>", "45%", "46%"),
    "survey": swapped("<div class=poll><p>45% of women were beaten</p></div>", "45%", "46%"),
    "poll that is turned": swapped("<div class=poll><span>Yes 45%</span> <span>No 55%</span><p>1,204 votes</p></div>", "Yes 45%", "Yes 85%"),
    "market as a place": swapped("<div class=market><p>Shells on the market: 12</p></div>", "12", "13"),
    "rates of death": swapped("<div class=rates>Mortality 4.2%</div>", "4.2", "4.3"),
    "ticker with a headline": swapped("<div class=ticker>Army takes the town</div>", "takes", "leaves"),
    "event that is edited": swapped("<section class=upcoming-events><a href=/e/1>Trial of Colonel R. on 3 December 2026</a></section>", "3 December", "4 December"),
}  # fmt: skip

LINKS: Pairs = {
    "query of a frame": swapped("<iframe src='https://maps.example/embed?q=36.20,37.13'></iframe>", "37.13", "37.93"),
    "film of a frame": swapped("<iframe src='https://player.example/embed?v=abc123'></iframe>", "abc123", "xyz789"),
    "start of a frame": swapped("<iframe src='https://www.youtube.com/embed/abc?start=30'></iframe>", "start=30", "start=90"),
    "query of a film": swapped("<video src='/stream?id=41'></video>", "41", "42"),
    "query of a picture": swapped("<img src='/image.php?id=41'>", "41", "42"),
    "query of a picture's name": swapped("<img src='/get?file=ward.jpg'>", "ward", "depot"),
    "query of og": swapped("<meta property='og:image' content='https://news.example/i?id=41'>", "41", "42"),
    "query of og video": swapped("<meta property='og:video' content='https://news.example/play?v=abc'>", "abc", "xyz"),
    "geo": swapped("<a href='geo:36.2021,37.1343'>Place</a>", "37.1343", "37.9343"),
    "mail": swapped("<a href='mailto:tips@hrw.example'>Write to us</a>", "tips@hrw", "tips@hvw"),
    "telephone": swapped("<a href='tel:+963115550'>Call</a>", "5550", "5559"),
    "magnet": swapped("<a href='magnet:?xt=urn:btih:aaaa'>Files</a>", "aaaa", "bbbb"),
    "sid": swapped("<a href='/story?sid=4471'>The first report</a>", "4471", "4472"),
    "sid of letters": swapped("<a href='/story?sid=strike'>The first report</a>", "strike", "accident"),
    "t of a film": swapped("<a href='https://v.example/watch?v=abc&t=95'>The moment</a>", "t=95", "t=15"),
    "signature of a petition": swapped("<a href='/petition?signature=dana'>Signed</a>", "dana", "omar"),
    "token of an exhibit": swapped("<a href='/file?token=exhibit-12'>Exhibit</a>", "12", "13"),
    "expires as a day": swapped("<a href='/order?expires=2021-05-21'>Order</a>", "05-21", "06-21"),
    "fragment": swapped("<a href='/report#page=12'>Page</a>", "12", "13"),
    "media fragment": swapped("<video src='/v.mp4#t=30,45'></video>", "30,45", "60,75"),
    "rand as a name": swapped("<a href='/who?rand=paul'>Author</a>", "paul", "ayn"),
    "form target": swapped("<form action=/submit?case=41><button>Send</button></form>", "41", "42"),
    "download name": swapped("<a href=/f download='report-2021.pdf'>Report</a>", "2021", "2020"),
    "ping host": swapped("<a href='https://docs.example/a' hreflang=ar>Text</a>", "hreflang=ar", "hreflang=ru"),
    "host with a digit": swapped("<a href='https://unit8.example/log'>Log</a>", "unit8", "unit9"),
    "shard of a link": swapped("<a href='https://c1.example/log'>Log</a>", "c1", "c2"),
    "alternate": swapped("<link rel=alternate hreflang=ar href=/ar/41>", "41", "42"),
    "licence": swapped("<link rel=license href=https://cc.example/by>", "/by", "/zero"),
    "data of an object": swapped("<object data='/viewer?doc=41'></object>", "41", "42"),
    "track": swapped("<video src=/v.mp4><track src='/subs?id=41' srclang=en></video>", "41", "42"),
    "poster": swapped("<video src=/v.mp4 poster='/poster?id=41'></video>", "41", "42"),
    "camera names": swapped("<img src=/p/IMG_1024.jpg>", "1024", "1025"),
    "numbered pictures": swapped("<img src=/p/photo-1.jpg>", "photo-1", "photo-2"),
    "numbered with widths": swapped("<img src=/p/ward-640.jpg>", "640", "320"),
    "hash is the name": swapped("<img src=/p/9f86d081884c7d65.jpg>", "9f86", "1f86"),
    "srcset of another": ("<img src=/p/x.jpg>", "<img src=/p/x.jpg srcset='/p/y.jpg 2x'>"),
    "picture of another": ("<img src=/p/x.jpg>", "<picture><source srcset=/p/y.webp><img src=/p/x.jpg></picture>"),
    "background": swapped("<div style='background-image:url(/p/x.jpg)'>", "x.jpg", "y.jpg"),
    "background by query": swapped("<div style='background-image:url(/p?id=1)'>", "id=1", "id=2"),
}  # fmt: skip

GEO = (
    '<script type=application/json>{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[37.13,36.20]},'
    '"properties":{"name":"Ward","dead":37}},{"type":"Feature","geometry":{"type":"Point","coordinates":[37.55,36.44]},"properties":{"name":"Depot","dead":3}}]}</script>'
)
DATA: Pairs = {
    "features": swapped(GEO, "37.13", "37.93"),
    "name in features": swapped(GEO, "Ward", "Base"),
    "exchanged in features": exchanged(GEO, "Ward", "Depot"),
    "exchanged numbers": exchanged(GEO, '"dead":37', '"dead":3}'),
    "exchanged values": exchanged('<script type="application/ld+json">{"author":{"name":"Dana"},"about":{"name":"Omar"}}</script>', "Dana", "Omar"),
    "exchanged in a list": exchanged('<script type=application/json>{"people":[{"name":"Dana","role":"victim"},{"name":"Omar","role":"suspect"}]}</script>', "victim", "suspect"),
    "exchanged in a script": exchanged("<script>var victim='Dana', suspect='Omar';</script>", "Dana", "Omar"),
    "exchanged calls": exchanged("<script>mark('Dana',1);mark('Omar',2);</script>", "Dana", "Omar"),
    "latest": swapped('<script type=application/json>{"latest":{"toll":37}}</script>', "37", "31"),
    "latest text": swapped('<script type=application/json>{"latest":[{"id":4,"text":"Toll rises to 37"}]}</script>', "37", "31"),
    "popular": swapped('<script type=application/json>{"popular":"yes","banner":"Truce signed"}</script>', "signed", "broken"),
    "banner in json": swapped('<script type=application/json>{"banners":[{"text":"Curfew from 9"}]}</script>', "9", "7"),
    "timestamp": swapped('<script type=application/json>{"timestamp":1621593000}</script>', "1621593000", "1621679400"),
    "timestamp of today": swapped('<script type=application/json>{"timestamp":1795939200}</script>', "1795939200", "1795935600"),
    "time of a post": swapped('<script type=application/json>{"created_at":"2026-11-29T08:00:00Z"}</script>', "08:00", "08:30"),
    "expires of a permit": swapped('<script type=application/json>{"permit":{"expires":"2021-05-21"}}</script>', "05-21", "06-21"),
    "id of a film": swapped('<script type=application/json>{"videoId":"dQw4w9WgXcQ"}</script>', "dQw4w9WgXcQ", "aB3d5F7h9Jk"),
    "id of a post": swapped('<script type=application/json>{"post_id":"8f3a9c2e11aabbcc"}</script>', "8f3a", "77ab"),
    "uuid": swapped('<script type=application/json>{"uuid":"6fa459ea-ee8a-3ca4-894e-db77e160355e"}</script>', "6fa459ea", "7fa459ea"),
    "digest": swapped('<script type=application/json>{"sha256":"9f86d081884c7d659a2feaa0c55ad015"}</script>', "9f86", "1f86"),
    "key fingerprint": swapped('<script type=application/json>{"fingerprint":"9f86d081884c7d659a2feaa0c55ad015"}</script>', "9f86", "1f86"),
    "node": swapped('<script type=application/json>{"node":"4471"}</script>', "4471", "4472"),
    "seed": swapped('<script type=application/json>{"seed":"barley"}</script>', "barley", "wheat"),
    "session of a court": swapped('<script type=application/json>{"session":"12"}</script>', "12", "13"),
    "token of a person": swapped('<script type=application/json>{"token":"Dana Saleh"}</script>', "Dana", "Omar"),
    "request of an inquiry": swapped('<script type=application/json>{"request":{"country":"Syria"}}</script>', "Syria", "Iraq"),
    "country of a person": swapped('<script type=application/json>{"user":{"country":"Syria"}}</script>', "Syria", "Iraq"),
    "geo of a picture": swapped('<script type=application/json>{"photo":{"geo":{"lat":36.2021,"lon":37.1343}}}</script>', "37.1343", "37.9343"),
    "place of a device": swapped('<script type=application/json>{"device":{"lat":36.2021}}</script>', "36.2021", "36.9021"),
    "hits": swapped('<script type=application/json>{"hits":14}</script>', "14", "41"),
    "counts of the dead": swapped('<script type=application/json>{"count":37,"total":112}</script>', "37", "31"),
    "elapsed": swapped('<script type=application/json>{"elapsed":"37 days"}</script>', "37", "31"),
    "ms": swapped('<script type=application/json>{"t":"37"}</script>', "37", "31"),
    "ttl": swapped('<script type=application/json>{"now":"dead"}</script>', "dead", "alive"),
    "truth": swapped('<script type=application/json>{"verified":true}</script>', "true", "false"),
    "flags": swapped('<script type=application/json>{"flags":["disputed"]}</script>', "disputed", "confirmed"),
    "related that is edited": swapped('<script type=application/json>{"related":[{"url":"/n/1","title":"Army struck the town"}]}</script>', "struck", "saved"),
    "removed value": swapped('<script type=application/json>{"author":"Dana","editor":"Omar"}</script>', ',"editor":"Omar"', ""),
    "views that explode": swapped('<script type=application/json>{"viewCount":1204}</script>', "1204", "9120400"),
    "state in a script": swapped("<script>window.__STATE__={\"post\":{\"place\":\"Homs\"}};</script>", "Homs", "Hama"),
    "variable": swapped("<script>var lat=36.2021;</script>", "36.2021", "36.9021"),
    "map call": swapped("<script>initMap({lat: 36.2021, lng: 37.1343});</script>", "37.1343", "37.9343"),
    "chart": swapped("<script>chart([12, 37, 44]);</script>", "37", "31"),
    "chart that is exchanged": exchanged("<script>chart([12, 37, 44]);</script>", "12", "44"),
    "date in a script": swapped("<script>var day='2021-05-21';</script>", "05-21", "06-21"),
    "id in a script": swapped("<script>play('dQw4w9WgXcQ');</script>", "dQw4w9WgXcQ", "aB3d5F7h9Jk"),
    "word in a script": swapped("<script>var verdict='guilty';</script>", "guilty", "cleared"),
    "boolean in a script": swapped("<script>var confirmed=true;</script>", "true", "false"),
    "epoch in a script": swapped("<script>var shot=1621593000;</script>", "1621593000", "1621679400"),
    "advertising script with news": swapped("<script>googletag.cmd.push(function(){document.title='Truce'})</script>", "Truce", "War"),
}  # fmt: skip

ATTRIBUTES: Pairs = {
    "alternative texts": exchanged("<img src=/p/1.jpg alt='The suspect'><img src=/p/2.jpg alt='The victim'>", "suspect", "victim"),
    "checked": ("<input type=radio name=a value=1 checked><input type=radio name=a value=2>", "<input type=radio name=a value=1><input type=radio name=a value=2 checked>"),
    "selected": ("<select><option selected>Guilty<option>Innocent</select>", "<select><option>Guilty<option selected>Innocent</select>"),
    "titles": exchanged("<span title=Killed>A</span><span title=Freed>B</span>", "Killed", "Freed"),
    "post": swapped("<div data-post='channel/4471'></div>", "4471", "4472"),
    "video id": swapped("<lite-youtube videoid=dQw4w9WgXcQ></lite-youtube>", "dQw4w9WgXcQ", "aB3d5F7h9Jk"),
    "data video": swapped("<div data-video-id=dQw4w9WgXcQ></div>", "dQw4w9WgXcQ", "aB3d5F7h9Jk"),
    "geo position": swapped("<meta name=geo.position content='36.20;37.13'>", "37.13", "37.93"),
    "geo region": swapped("<meta name=geo.region content=SY-HL>", "SY-HL", "SY-HM"),
    "icbm": swapped("<meta name=ICBM content='36.20, 37.13'>", "37.13", "37.93"),
    "latitude": swapped("<div class=map data-lat=36.2021 data-lng=37.1343></div>", "37.1343", "37.9343"),
    "data json": swapped("<div data-props='{\"dead\":37}'></div>", "37", "31"),
    "data date": swapped("<div data-date=2021-05-21></div>", "05-21", "06-21"),
    "data time of a post": swapped("<div data-time=1621593000></div>", "1621593000", "1621679400"),
    "data name": swapped("<div data-author='Dana Saleh'></div>", "Dana", "Omar"),
    "data caption": swapped("<a href=/p/1.jpg data-caption='Ward after the strike'>Picture</a>", "strike", "fire"),
    "data key": swapped("<div data-tweet-id=1395000000000000001></div>", "0001", "0002"),
    "width of a bar": swapped("<div class=bar style='width:37%'></div>", "37%", "73%"),
    "height of a bar": swapped("<div class=bar style='height:120px'></div>", "120px", "12px"),
    "bars that are exchanged": exchanged("<p>Killed <i style='width:70%'></i></p><p>Freed <i style='width:20%'></i></p>", "70%", "20%"),
    "progress": swapped("<progress max=100 value=37></progress>", "37", "73"),
    "cite": swapped("<blockquote cite=https://a.example/1>Text</blockquote>", "a.example/1", "a.example/2"),
    "content of a meta": swapped("<meta name=author content='Dana Saleh'>", "Dana", "Omar"),
    "unknown meta": swapped("<meta name='x.casualties' content=37>", "37", "31"),
    "itemprop": swapped("<span itemprop=author>Dana</span>", "itemprop=author", "itemprop=editor"),
    "itemprop content": swapped("<meta itemprop=latitude content=36.2021>", "36.2021", "36.9021"),
    "hidden field": swapped("<form><input type=hidden name=case value=4471></form>", "4471", "4472"),
    "datetime": swapped("<time datetime=2021-05-21T10:30>that day</time>", "10:30", "11:30"),
    "label of a track": swapped("<video src=/v.mp4><track src=/s.vtt label='English, verified'></video>", ", verified", ""),
    "summary of a table": swapped("<table summary='37 dead'><tr><td>x</table>", "37", "31"),
    "aria text": swapped("<div role=slider aria-valuenow=37 aria-valuetext='37 dead'></div>", "37", "31"),
    "aria with a number": swapped("<span aria-label='37 wounded'></span>", "37", "31"),
    "aria description": swapped("<img src=/p/1.jpg aria-description='A soldier'>", "soldier", "boy"),
    "value of data": swapped("<data value=37>thirty</data>", "37", "31"),
    "abbreviation": swapped("<abbr title='Syrian Army'>SA</abbr>", "Syrian Army", "Sham Alliance"),
    "button value": swapped("<button value=confirm>Go</button>", "confirm", "deny"),
    "open of details": ("<details open><summary>More</summary>Text</details>", "<details><summary>More</summary>Text</details>"),
}  # fmt: skip

COUNTS: Pairs = {
    "hits of a weapon": swapped("<p>14 hits</p>", "14", "41"),
    "hits in a line": swapped("<p>Hits: 14 · Misses: 3</p>", "14", "41"),
    "visits of inspectors": swapped("<p>37 visits</p>", "37", "31"),
    "people": swapped("<p>37 people</p>", "37", "31"),
    "members": swapped("<p>37 members</p>", "37", "31"),
    "votes": swapped("<p>137 votes</p>", "137", "131"),
    "guests": swapped("<p>12 guests</p>", "12", "21"),
    "shares of a company": swapped("<p>He owned 37 shares of the arms company</p>", "37", "31"),
    "views of a valley": swapped("<p>Two views: 37 and 12 of the valley</p>", "37", "31"),
    "dead beside views": swapped("<p>37 dead · 1,204 views</p>", "37", "31"),
    "wounded beside views": swapped("<p><span>112 wounded</span><span>1,204 views</span></p>", "112", "12"),
    "views without end": swapped("<p>1,204 views</p>", "1,204", "91,204,000"),
    "views that vanish": swapped("<p>2.4M views</p>", "2.4M", "2.4K"),
    "views to likes": swapped("<p>1,204 views</p>", "views", "likes"),
    "views and another day": ("<p>1,204 views · 3 hours ago</p>", "<p>1,209 views · 3 days ago</p>"),
    "class of views with words": swapped("<p class=views>Killed 37</p>", "37", "31"),
    "class of likes on a list": swapped("<ul class=likes><li>Dana</li></ul>", "Dana", "Omar"),
    "comments of the ministry": swapped("<p>The ministry had 3 comments on the deaths</p>", "3", "5"),
    "score": swapped("<p class=score>37 : 12</p>", "37", "31"),
    "shots": swapped("<p>Shots: 14</p>", "14", "41"),
    "downloads of a worm": swapped("<p>The malware had 37 downloads by officers</p>", "37", "31"),
    "hits in Arabic": swapped("<p>37 إصابة</p>", "37", "31"),
    "martyrs": swapped("<p>٣٧ شهيداً</p>", "٣٧", "٣١"),
    "morts": swapped("<p>37 morts</p>", "37", "31"),
    "likes to dislikes": swapped("<p>12 likes</p>", "likes", "dislikes"),
    "people who saw": swapped("<p>37 people saw the shooting</p>", "37", "31"),
    "viewers of a body": swapped("<p>Seen by 3 witnesses</p>", "3", "5"),
    "reads of a meter": swapped("<p>The meter reads 37</p>", "37", "31"),
}  # fmt: skip

TEASERS: Pairs = {
    "same link": swapped("<aside><a href=/n/1>Army struck the town</a></aside>", "struck", "saved"),
    "other link, one word": ("<aside><a href=/n/1>Army struck the town hall</a></aside>", "<aside><a href=/n/2>Army saved the town hall</a></aside>"),
    "latest": swapped("<div class=latest><a href=/n/1>Toll rises to 37</a></div>", "37", "31"),
    "latest without a link": swapped("<div class=latest><p>Toll rises to 37</p></div>", "37", "31"),
    "latest that is replaced": ("<div class=latest><p>Toll rises to 37</p></div>", "<div class=latest><p>Nobody was hurt at all</p></div>"),
    "edited and moved": (
        "<aside class=related><a href=/n/1>Army struck the town</a><a href=/n/2>Rain expected</a></aside>",
        "<aside class=related><a href=/n/2>Rain expected</a><a href=/n/1>Army saved the town</a></aside>",
    ),
    "edited among others": (
        "<aside class=related><a href=/n/1>Army struck the town</a><a href=/n/2>Rain expected</a></aside>",
        "<aside class=related><a href=/n/3>School begins</a><a href=/n/1>Army saved the town</a></aside>",
    ),
    "summary": swapped("<aside class=related><a href=/n/1>The town</a><p>Forty houses burned.</p></aside>", "Forty", "Four"),
    "picture of a teaser": swapped("<aside class=related><a href=/n/1><img src=/t/1.jpg>The town</a></aside>", "/t/1.jpg", "/t/9.jpg"),
    "alternative text of a teaser": swapped("<aside class=related><a href=/n/1><img src=/t/1.jpg alt='A soldier'>The town</a></aside>", "soldier", "rebel"),
    "texts exchanged": exchanged("<aside class=related><a href=/n/1>Army struck</a><a href=/n/2>Rebels fled</a></aside>", "Army struck", "Rebels fled"),
    "note in the navigation": ("<nav><a href=/x>World</a></nav>", "<nav><a href=/x>World</a> <span>This page is satire</span></nav>"),
    "navigation of another site": ("<nav><a href=/x>World</a></nav>", "<nav><a href=https://evil.example/>Donate here</a></nav>"),
    "link of a teaser": swapped("<aside class=related><a href=/n/1>The town</a></aside>", "/n/1", "/n/9"),
    "teaser within the article": ("<article><p><a href=/n/1>The first report</a></p></article>", "<article><p><a href=/n/2>A later denial</a></p></article>"),
    "time of a teaser": ("<aside class=related><a href=/n/1>The town</a> 3 hours ago</aside>", "<aside class=related><a href=/n/1>The town</a> 3 days ago</aside>"),
    "caption in an aside": swapped("<aside><figure><img src=/p/1.jpg><figcaption>Shell case</figcaption></figure></aside>", "Shell", "Food"),
    "fact box": swapped("<aside><h3>In numbers</h3><p>37 dead</p></aside>", "37", "31"),
    "list of the dead": ("<aside><ul><li>Dana Saleh</li><li>Omar Haddad</li></ul></aside>", "<aside><ul><li>Dana Saleh</li></ul></aside>"),
    "imprint": swapped("<footer><p>Publisher: Dana Saleh</p></footer>", "Dana", "Omar"),
}  # fmt: skip

MORE: Pairs = {
    "yt views to other unit": (
        "<div><span>12,345 views</span><span>3 weeks ago</span></div>",
        "<div><span>12,345 views</span><span>3 years ago</span></div>",
    ),
    "upload date": (
        "<div><span>12,345 views</span> <span>Nov 3, 2023</span></div>",
        "<div><span>12,399 views</span> <span>Nov 3, 2022</span></div>",
    ),
    "tg post": (
        "<div class=tgme_widget_message data-post='chan/1204'><a href='https://t.me.example/chan/1204'>link</a></div>",
        "<div class=tgme_widget_message data-post='chan/1205'><a href='https://t.me.example/chan/1204'>link</a></div>",
    ),
    "tg time": (
        "<time datetime='2023-05-01T10:00:00+00:00' class=time>10:00</time>",
        "<time datetime='2023-05-01T11:00:00+00:00' class=time>11:00</time>",
    ),
    "tg forwarded": (
        "<div class=tgme_widget_message_forwarded_from>Forwarded from <a href=https://t.me.example/a>A</a></div>",
        "<div class=tgme_widget_message_forwarded_from>Forwarded from <a href=https://t.me.example/b>B</a></div>",
    ),
    "tg author": (
        "<span class=tgme_widget_message_from_author>Abu Omar</span>",
        "<span class=tgme_widget_message_from_author>Abu Bakr</span>",
    ),
    "tweet handle": (
        "<span>@hrw_syria</span>",
        "<span>@hrw_syrla</span>",
    ),
    "name plus views": (
        "<div><b>Dana</b> <span>1,204 views</span></div>",
        "<div><b>Omar</b> <span>1,219 views</span></div>",
    ),
    "caption near likes": (
        "<p>Soldiers fired 12 shots · 45 likes</p>",
        "<p>Soldiers fired 21 shots · 47 likes</p>",
    ),
    "likes class dead": (
        "<div class=likes><b>Deaths</b> 12</div>",
        "<div class=likes><b>Deaths</b> 21</div>",
    ),
    "toll bare number": (
        "<span>37</span>",
        "<span>31</span>",
    ),
    "number in td": (
        "<table><tr><td>Killed</td><td>37</td></tr></table>",
        "<table><tr><td>Killed</td><td>31</td></tr></table>",
    ),
    "number with class views but in table": (
        "<table><tr><th>Killed</th><td class=views>37</td></tr></table>",
        "<table><tr><th>Killed</th><td class=views>31</td></tr></table>",
    ),
    "score": (
        "<span class=score>37</span>",
        "<span class=score>31</span>",
    ),
    "wounded ar": (
        "<p>إصابة 14 مدنياً</p>",
        "<p>إصابة 41 مدنياً</p>",
    ),
    "ago of event": (
        "<p>The attack took place 3 days ago</p>",
        "<p>The attack took place 8 days ago</p>",
    ),
    "posted by": (
        "<p>Posted by Ahmad 3 minutes ago</p>",
        "<p>Posted by Karim 10 minutes ago</p>",
    ),
    "age equals": (
        "<p>He was 3 years old</p>",
        "<p>He was 4 years old</p>",
    ),
    "deadline": (
        "<p>Deadline: 29 November 2026</p>",
        "<p>Deadline: 30 November 2026</p>",
    ),
    "hearing time": (
        "<p>Hearing at 10:00</p>",
        "<p>Hearing at 10:07</p>",
    ),
    "strike time": (
        "<p>Strike 10:00</p>",
        "<p>Strike 10:05</p>",
    ),
    "date of today in sentence": (
        "<p>On 29 November 2026 shells fell</p>",
        "<p>On 28 November 2026 shells fell</p>",
    ),
    "live text": (
        "<p>LIVE: Army enters town</p>",
        "<p>LIVE: Army leaves town</p>",
    ),
    "updated by": (
        "<p>Updated by editors at 10:00</p>",
        "<p>Updated by censors at 10:07</p>",
    ),
    "sponsor class whole": (
        "<div class=sponsored-by>Paid by Ministry A</div>",
        "<div class=sponsored-by>Paid by Ministry B</div>",
    ),
    "advert class statement": (
        "<div class=advert>General Haftar calls elections</div>",
        "<div class=advert>General Haftar cancels elections</div>",
    ),
    "ad with onsite link": (
        "<div class=ad><a href=/statement>Our statement on the raid</a></div>",
        "<div class=ad><a href=/statement>Our denial of the raid</a></div>",
    ),
    "adsense forged text": (
        "<div class=adbanner><p>37 were buried here</p></div>",
        "<div class=adbanner><p>12 were buried here</p></div>",
    ),
    "image ads path": (
        "<img src=/uploads/ads/mass-grave.jpg>",
        "<img src=/uploads/ads/empty-field.jpg>",
    ),
    "image host ad": (
        "<img src=https://ad.example/mass-grave.jpg>",
        "<img src=https://ad.example/empty-field.jpg>",
    ),
    "promo image": (
        "<div class=promo><img src=/a.jpg alt=A></div>",
        "<div class=promo><img src=/b.jpg alt=A></div>",
    ),
    "popup statement": (
        "<div class=popup><p>We apologise for the error in this story</p></div>",
        "<div class=popup><p>We stand by this story</p></div>",
    ),
    "modal one side": (
        "",
        "<div class=modal><p>This story was fabricated</p></div>",
    ),
    "dialog correct": (
        "",
        "<dialog open><p>Correction: no one died</p><button>OK</button></dialog>",
    ),
    "cookie lie": (
        "",
        "<div class=cookie-banner><p>We use cookies. Reports of deaths at the ward were false.</p></div>",
    ),
    "newsletter lie": (
        "",
        "<div class=newsletter><p>Subscribe: the witness was paid to lie</p></div>",
    ),
    "consent text edited": (
        "<div class=cookie-banner><p>We share your data with the police</p></div>",
        "<div class=cookie-banner><p>We share your data with nobody</p></div>",
    ),
    "related same link": (
        "<div class=related><a href=/n/1>Mass grave found in Dana</a></div>",
        "<div class=related><a href=/n/1>Nothing found in Dana</a></div>",
    ),
    "latest count": (
        "<ul class=latest><li><a href=/n/1>12 killed in Dana</a></li></ul>",
        "<ul class=latest><li><a href=/n/2>21 killed in Dana</a></li></ul>",
    ),
    "breaking w/o link": (
        "<div class=breaking>Mayor killed</div>",
        "<div class=breaking>Mayor safe</div>",
    ),
    "aside quote": (
        "<aside><blockquote>They shot him</blockquote></aside>",
        "<aside><blockquote>They saved him</blockquote></aside>",
    ),
    "aside correction": (
        "<aside><p>Correction: 37 not 31</p></aside>",
        "<aside></aside>",
    ),
    "footer address": (
        "<footer>Gaza City</footer>",
        "<footer>Rafah</footer>",
    ),
    "footer copyright holder": (
        "<footer>© 2026 Dana Press</footer>",
        "<footer>© 2026 Omar Press</footer>",
    ),
    "nav ext": (
        "<nav><a href=/a>Reports</a></nav>",
        "<nav><a href=/a>Rumours</a></nav>",
    ),
    "breadcrumb": (
        "<nav><a href=/syria>Syria</a> › <a href=/syria/idlib>Idlib</a></nav>",
        "<nav><a href=/syria>Syria</a> › <a href=/syria/hama>Hama</a></nav>",
    ),
    "tags": (
        "<ul class=tags><li><a href=/t/war-crimes>War crimes</a></li></ul>",
        "<ul class=tags><li><a href=/t/accidents>Accidents</a></li></ul>",
    ),
    "author aside": (
        "<aside class=author><a href=/a/dana>Dana</a></aside>",
        "<aside class=author><a href=/a/omar>Omar</a></aside>",
    ),
    "iframe map": (
        "<iframe src='https://www.google.com/maps/embed?pb=!1m18!2d37.13!3d36.20'></iframe>",
        "<iframe src='https://www.google.com/maps/embed?pb=!1m18!2d37.93!3d36.20'></iframe>",
    ),
    "iframe osm": (
        "<iframe src='https://osm.example/export/embed.html?bbox=37.1,36.1,37.2,36.3&marker=36.2,37.13'></iframe>",
        "<iframe src='https://osm.example/export/embed.html?bbox=37.1,36.1,37.2,36.3&marker=36.2,37.19'></iframe>",
    ),
    "tweet embed": (
        "<iframe src='https://platform.twitter.com/embed/Tweet.html?id=1395000000000000001'></iframe>",
        "<iframe src='https://platform.twitter.com/embed/Tweet.html?id=1395000000000000002'></iframe>",
    ),
    "fb embed": (
        "<iframe src='https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Ffb%2Fa'></iframe>",
        "<iframe src='https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Ffb%2Fb'></iframe>",
    ),
    "blockquote tweet": (
        "<blockquote class=twitter-tweet><a href='https://twitter.com/a/status/1395000000000000001'>x</a></blockquote>",
        "<blockquote class=twitter-tweet><a href='https://twitter.com/a/status/1395000000000000002'>x</a></blockquote>",
    ),
    "wa link": (
        "<a href='https://wa.me/963111'>Contact</a>",
        "<a href='https://wa.me/963112'>Contact</a>",
    ),
    "wa scheme": (
        "<a href='whatsapp://send?phone=963111'>Contact</a>",
        "<a href='whatsapp://send?phone=963112'>Contact</a>",
    ),
    "btc": (
        "<a href='bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT'>Donate</a>",
        "<a href='bitcoin:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2'>Donate</a>",
    ),
    "onion": (
        "<a href='http://abcdefghij234567.onion/'>Drop</a>",
        "<a href='http://zzzdefghij234567.onion/'>Drop</a>",
    ),
    "maps link": (
        "<a href='https://maps.google.com/?q=36.20,37.13'>Place</a>",
        "<a href='https://maps.google.com/?q=36.20,37.93'>Place</a>",
    ),
    "maps at": (
        "<a href='https://www.google.com/maps/@36.20,37.13,15z'>Place</a>",
        "<a href='https://www.google.com/maps/@36.20,37.93,15z'>Place</a>",
    ),
    "link uuid": (
        "<a href='/doc/6fa459ea-ee8a-3ca4-894e-db77e160355e'>Doc</a>",
        "<a href='/doc/7fa459ea-ee8a-3ca4-894e-db77e160355e'>Doc</a>",
    ),
    "link token doc": (
        "<a href='/doc?id=6fa459eaee8a3ca4894edb77e160355e'>Doc</a>",
        "<a href='/doc?id=7fa459eaee8a3ca4894edb77e160355e'>Doc</a>",
    ),
    "link key": (
        "<a href='/doc?key=6fa459eaee8a3ca4'>Doc</a>",
        "<a href='/doc?key=7fa459eaee8a3ca4'>Doc</a>",
    ),
    "link date": (
        "<a href='/archive?date=2021-05-21'>Day</a>",
        "<a href='/archive?date=2021-05-22'>Day</a>",
    ),
    "link v": (
        "<a href='/watch?v=dQw4w9WgXcQ'>Film</a>",
        "<a href='/watch?v=dQw4w9WgXcR'>Film</a>",
    ),
    "link ts": (
        "<a href='/at?ts=1621593000'>Moment</a>",
        "<a href='/at?ts=1621593600'>Moment</a>",
    ),
    "link text only case": (
        "<a href=/Report>Doc</a>",
        "<a href=/report>Doc</a>",
    ),
    "link fragment text": (
        "<a href='/r#:~:text=killed%2037'>Doc</a>",
        "<a href='/r#:~:text=killed%2031'>Doc</a>",
    ),
    "geojson inline": (
        '<script>L.geoJSON({"type":"Point","coordinates":[37.13,36.20]}).addTo(map);</script>',
        '<script>L.geoJSON({"type":"Point","coordinates":[37.93,36.20]}).addTo(map);</script>',
    ),
    "leaflet marker": (
        "<script>L.marker([36.20, 37.13]).bindPopup('Ward').addTo(map);</script>",
        "<script>L.marker([36.20, 37.93]).bindPopup('Ward').addTo(map);</script>",
    ),
    "chartjs": (
        "<script>new Chart(c,{type:'bar',data:{labels:['2020','2021'],datasets:[{data:[12,37]}]}});</script>",
        "<script>new Chart(c,{type:'bar',data:{labels:['2020','2021'],datasets:[{data:[12,73]}]}});</script>",
    ),
    "chart labels": (
        "<script>new Chart(c,{data:{labels:['Killed','Freed'],datasets:[{data:[12,37]}]}});</script>",
        "<script>new Chart(c,{data:{labels:['Freed','Killed'],datasets:[{data:[12,37]}]}});</script>",
    ),
    "highcharts removed point": (
        "<script>series=[3,9,37];</script>",
        "<script>series=[3,9];</script>",
    ),
    "json array order": (
        '<script type=application/json>{"order":["Dana","Omar"]}</script>',
        '<script type=application/json>{"order":["Omar","Dana"]}</script>',
    ),
    "json null": (
        '<script type=application/json>{"retracted":null}</script>',
        '<script type=application/json>{"retracted":"2021"}</script>',
    ),
    "json number to string": (
        '<script type=application/json>{"dead":37,"hurt":112}</script>',
        '<script type=application/json>{"dead":112,"hurt":37}</script>',
    ),
    "ld sameAs": (
        "<script type='application/ld+json'>{\"sameAs\":[\"https://x.example/a\"]}</script>",
        "<script type='application/ld+json'>{\"sameAs\":[\"https://x.example/b\"]}</script>",
    ),
    "ld geo": (
        "<script type='application/ld+json'>{\"contentLocation\":{\"geo\":{\"latitude\":36.2,\"longitude\":37.1}}}</script>",
        "<script type='application/ld+json'>{\"contentLocation\":{\"geo\":{\"latitude\":36.2,\"longitude\":37.9}}}</script>",
    ),
    "ld address": (
        "<script type='application/ld+json'>{\"address\":{\"addressCountry\":\"SY\"}}</script>",
        "<script type='application/ld+json'>{\"address\":{\"addressCountry\":\"IQ\"}}</script>",
    ),
    "ld dateModified": (
        "<script type='application/ld+json'>{\"dateModified\":\"2026-11-28T10:00:00Z\"}</script>",
        "<script type='application/ld+json'>{\"dateModified\":\"2026-11-27T10:00:00Z\"}</script>",
    ),
    "ld upload": (
        "<script type='application/ld+json'>{\"uploadDate\":\"2021-05-21\",\"duration\":\"PT37S\"}</script>",
        "<script type='application/ld+json'>{\"uploadDate\":\"2021-05-21\",\"duration\":\"PT31S\"}</script>",
    ),
    "json session speech": (
        '<script type=application/json>{"session":"UNSC 8771"}</script>',
        '<script type=application/json>{"session":"UNSC 8772"}</script>',
    ),
    "json client": (
        '<script type=application/json>{"client":{"name":"Ministry"}}</script>',
        '<script type=application/json>{"client":{"name":"Army"}}</script>',
    ),
    "json experiments content": (
        '<script type=application/json>{"experiment":"on prisoners"}</script>',
        '<script type=application/json>{"experiment":"on mice"}</script>',
    ),
    "json trending": (
        '<script type=application/json>{"trending":[{"id":1,"title":"Mass grave found"}]}</script>',
        '<script type=application/json>{"trending":[{"id":1,"title":"No grave found"}]}</script>',
    ),
    "json related number": (
        '<script type=application/json>{"related":[{"id":1,"dead":37}]}</script>',
        '<script type=application/json>{"related":[{"id":1,"dead":31}]}</script>',
    ),
    "json token value words": (
        '<script type=application/json>{"accessToken":"guilty"}</script>',
        '<script type=application/json>{"accessToken":"innocent"}</script>',
    ),
    "json likes names": (
        '<script type=application/json>{"likes":["Dana"]}</script>',
        '<script type=application/json>{"likes":["Omar"]}</script>',
    ),
    "json views coordinates": (
        '<script type=application/json>{"view":{"lat":36.2}}</script>',
        '<script type=application/json>{"view":{"lat":36.9}}</script>',
    ),
    "data attr coords": (
        "<div data-coords='36.2,37.1'></div>",
        "<div data-coords='36.2,37.9'></div>",
    ),
    "data action url": (
        "<div data-url='/doc/1'></div>",
        "<div data-url='/doc/2'></div>",
    ),
    "data src audio": (
        "<div data-audio='/a/1.mp3'></div>",
        "<div data-audio='/a/2.mp3'></div>",
    ),
    "og title": (
        "<meta property=og:title content='Strike kills 37'>",
        "<meta property=og:title content='Strike kills 31'>",
    ),
    "twitter data": (
        "<meta name=twitter:label1 content='Killed'><meta name=twitter:data1 content='37'>",
        "<meta name=twitter:label1 content='Killed'><meta name=twitter:data1 content='31'>",
    ),
    "article published": (
        "<meta property=article:published_time content='2021-05-21T10:00:00Z'>",
        "<meta property=article:published_time content='2026-11-29T10:00:00Z'>",
    ),
    "dc coverage": (
        "<meta name=dc.coverage content='Syria'>",
        "<meta name=dc.coverage content='Iraq'>",
    ),
    "hreflang target": (
        "<link rel=alternate hreflang=ar href=https://news.example/ar/a>",
        "<link rel=alternate hreflang=ar href=https://news.example/ar/b>",
    ),
    "rss": (
        "<link rel=alternate type=application/rss+xml href=/feed/a>",
        "<link rel=alternate type=application/rss+xml href=/feed/b>",
    ),
    "progress style": (
        "<div class=progress-bar style='width: 37%' aria-valuenow=37></div>",
        "<div class=progress-bar style='width: 73%' aria-valuenow=73></div>",
    ),
    "svg bar": (
        "<svg><rect width=37 height=4></rect></svg>",
        "<svg><rect width=73 height=4></rect></svg>",
    ),
    "css var": (
        "<div style='--pct:37'></div>",
        "<div style='--pct:73'></div>",
    ),
    "order of list": (
        "<ol><li>Dana shot</li><li>Omar fled</li></ol>",
        "<ol><li>Omar fled</li><li>Dana shot</li></ol>",
    ),
    "swap columns": (
        "<table><tr><td>Dead</td><td>37</td></tr><tr><td>Hurt</td><td>112</td></tr></table>",
        "<table><tr><td>Dead</td><td>112</td></tr><tr><td>Hurt</td><td>37</td></tr></table>",
    ),
    "swap speakers": (
        "<dl><dt>Dana</dt><dd>I saw it</dd><dt>Omar</dt><dd>I did not</dd></dl>",
        "<dl><dt>Omar</dt><dd>I saw it</dd><dt>Dana</dt><dd>I did not</dd></dl>",
    ),
    "swap imgs": (
        "<img src=/1.jpg><p>A</p><img src=/2.jpg><p>B</p>",
        "<img src=/2.jpg><p>A</p><img src=/1.jpg><p>B</p>",
    ),
    "swap figure captions": (
        "<figure><img src=/1.jpg><figcaption>Before</figcaption></figure><figure><img src=/2.jpg><figcaption>After</figcaption></figure>",
        "<figure><img src=/1.jpg><figcaption>After</figcaption></figure><figure><img src=/2.jpg><figcaption>Before</figcaption></figure>",
    ),
    "punct": (
        "<p>They said: “Fire!”</p>",
        "<p>They said: “Fire?”</p>",
    ),
    "currency": (
        "<p>Paid $500</p>",
        "<p>Paid €500</p>",
    ),
    "percent": (
        "<p>45% were children</p>",
        "<p>54% were children</p>",
    ),
    "unit": (
        "<p>A 500 kg bomb</p>",
        "<p>A 500 lb bomb</p>",
    ),
    "initial": (
        "<p>Col. A. Haddad</p>",
        "<p>Col. O. Haddad</p>",
    ),
    "case only": (
        "<p>the UN said</p>",
        "<p>the un said</p>",
    ),
    "diacritics": (
        "<p>Mosul’s José</p>",
        "<p>Mosul’s Jose</p>",
    ),
}  # fmt: skip

OTHERS: Pairs = {
    "label before number killed": (
        "<dl><dt>Killed:</dt><dd>37</dd></dl>",
        "<dl><dt>Killed:</dt><dd>31</dd></dl>",
    ),
    "label before views then name": (
        "<dl><dt>Views:</dt><dd>Dana</dd></dl>",
        "<dl><dt>Views:</dt><dd>Omar</dd></dl>",
    ),
    "stat after": (
        "<div class=stat><b>37</b><span>killed</span></div>",
        "<div class=stat><b>31</b><span>killed</span></div>",
    ),
    "stat block after": (
        "<div><div>37</div><div>Bodies</div></div>",
        "<div><div>31</div><div>Bodies</div></div>",
    ),
    "views to shares label": (
        "<div class=stat><b>45</b><span>views</span></div>",
        "<div class=stat><b>45</b><span>arrests</span></div>",
    ),
    "age to older": (
        "<span>50m</span>",
        "<span>5h</span>",
    ),
    "span depth": (
        "<p>The crater is 50m wide</p>",
        "<p>The crater is 57m wide</p>",
    ),
    "distance": (
        "<span>50m</span> from the school",
        "<span>57m</span> from the hospital",
    ),
    "calibre": (
        "<p>82mm</p>",
        "<p>120mm</p>",
    ),
    "time in caption": (
        "<figcaption>CCTV 10:00</figcaption>",
        "<figcaption>CCTV 10:04</figcaption>",
    ),
    "video timestamp": (
        "<p>at 0:37 the soldier fires</p>",
        "<p>at 0:31 the soldier fires</p>",
    ),
    "clock geoloc": (
        "<p>Shadow length suggests 10:00</p>",
        "<p>Shadow length suggests 10:07</p>",
    ),
    "phone": (
        "<p>+963 11 555 0100</p>",
        "<p>+963 11 555 0109</p>",
    ),
    "iban": (
        "<p>IBAN DE89 3704 0044 0532 0130 00</p>",
        "<p>IBAN DE89 3704 0044 0532 0130 09</p>",
    ),
    "hash": (
        "<code>9f86d081884c7d659a2feaa0c55ad015</code>",
        "<code>1f86d081884c7d659a2feaa0c55ad015</code>",
    ),
    "request id as case": (
        "<p>FOIA request no. 4471</p>",
        "<p>FOIA request no. 4472</p>",
    ),
    "session of parliament": (
        "<p>Session number 44</p>",
        "<p>Session number 45</p>",
    ),
    "token text": (
        "<p>token gesture</p>",
        "<p>generous gesture</p>",
    ),
    "server as person": (
        "<p>Server: Omar</p>",
        "<p>Server: Dana</p>",
    ),
    "instance of": (
        "<p>instance: torture-12</p>",
        "<p>instance: torture-13</p>",
    ),
    "ip of attacker labelled": (
        "<p>Attacker IP: 198.51.100.7</p>",
        "<p>Attacker IP: 203.0.113.9</p>",
    ),
    "your text": (
        "<p>Your sons were taken 12</p>",
        "<p>Your sons were taken 21</p>",
    ),
    "browser name": (
        "<p>Chrome 120 bomb</p>",
        "<p>Chrome 131 shell</p>",
    ),
    "poll wording": (
        "<div class=poll><p>Should the general resign?</p><p>1,204 votes</p></div>",
        "<div class=poll><p>Should the general remain?</p><p>1,204 votes</p></div>",
    ),
    "survey of victims": (
        "<div class=poll><p>62% of victims were women</p><p>1,204 votes</p></div>",
        "<div class=poll><p>26% of victims were women</p><p>1,204 votes</p></div>",
    ),
    "market death": (
        "<div class=market-attack><p>Market 12.5 dead</p></div>",
        "<div class=market-attack><p>Market 13.5 dead</p></div>",
    ),
    "stock of arms": (
        "<div class=stock><p>Rockets 1.200</p></div>",
        "<div class=stock><p>Rockets 9.200</p></div>",
    ),
    "currency bribe": (
        "<div class=currency><p>Bribe paid USD 5000</p></div>",
        "<div class=currency><p>Bribe paid USD 9000</p></div>",
    ),
    "weather on the day": (
        "<article><div class=weather>Homs 4°C</div></article>",
        "<article><div class=weather>Homs 14°C</div></article>",
    ),
    "prayer text": (
        "<div class=prayer>We mourn 37</div>",
        "<div class=prayer>We mourn 31 men</div>",
    ),
    "your location lie": (
        "<p>Your location of the shelter: Homs</p>",
        "<p>Your location of the shelter: Hama</p>",
    ),
    "edition": (
        "<p>Edition: Arabic, censored</p>",
        "<p>Edition: Arabic, full</p>",
    ),
    "offer text": (
        "<div class=offer>Ceasefire offer for a month</div>",
        "<div class=offer>Ceasefire offer for a year</div>",
    ),
    "subscribe price forged claim": (
        "<div class=donate>Donate $5 a month to Dana Aid</div>",
        "<div class=donate>Donate $5 a month to Omar Aid</div>",
    ),
    "dialog in both edited": (
        "<div role=dialog><p>Log in to read the full list of 37 names</p></div>",
        "<div role=dialog><p>Log in to read the full list of 12 names</p></div>",
    ),
    "login lie clause": (
        "",
        "<div role=dialog><p>Sign in. The photographs were staged by actors.</p></div>",
    ),
    "cookies you lie": (
        "",
        "<div class=cookie-banner><p>We use cookies. You should know that the photographs were staged.</p></div>",
    ),
    "consent outside slot lie": (
        "",
        "<p>We use cookies, and our reporter invented the victims.</p>",
    ),
    "label alone lie": (
        "",
        "<p>Fabricated</p>",
    ),
    "aside long title to other": (
        "<aside><a href=/n/1>Toll of the raid rises to 37</a></aside>",
        "<aside><a href=/n/2>Toll of the raid falls to 12</a></aside>",
    ),
    "footer credit link": (
        "<footer><a href=/about>Run by volunteers in Homs</a></footer>",
        "<footer><a href=/about>Run by officers in Damascus</a></footer>",
    ),
    "footer credit other link": (
        "<footer><a href=/about>Run by volunteers in Homs</a></footer>",
        "<footer><a href=https://army.example/>Run by officers of the army</a></footer>",
    ),
    "related two swapped imgs": (
        "<aside class=related><a href=/n/1><img src=/t/1.jpg>Raid in Homs</a><a href=/n/2><img src=/t/2.jpg>Fair in Hama</a></aside>",
        "<aside class=related><a href=/n/1><img src=/t/2.jpg>Raid in Homs</a><a href=/n/2><img src=/t/1.jpg>Fair in Hama</a></aside>",
    ),
    "related summaries swapped": (
        "<aside class=related><div><a href=/n/1>Raid</a><p>Forty died there.</p></div><div><a href=/n/2>Fair</a><p>Children danced.</p></div></aside>",
        "<aside class=related><div><a href=/n/1>Raid</a><p>Children danced.</p></div><div><a href=/n/2>Fair</a><p>Forty died there.</p></div></aside>",
    ),
    "related extra claim": (
        "<div class=related><a href=/n/1>Raid in Homs</a></div>",
        "<div class=related><a href=/n/1>Raid in Homs</a> staged</div>",
    ),
    "latest paragraph removed": (
        "<div class=latest-news><p>The toll is 37.</p></div>",
        "<div class=latest-news></div>",
    ),
    "events place": (
        "<div class=events><a href=/e/1>Vigil</a> Homs, 3 May</div>",
        "<div class=events><a href=/e/1>Vigil</a> Hama, 3 May</div>",
    ),
    "ticker statement": (
        "<div class=news-ticker>Minister admits the raid</div>",
        "<div class=news-ticker>Minister denies the raid</div>",
    ),
    "breaking replaced no link": (
        "<div class=breaking>Raid in Homs kills 12</div>",
        "<div class=breaking>Calm returns to all provinces</div>",
    ),
    "calendar class": (
        "<table class=calendar><tr><td>3 May: arrest of Dana</td></tr></table>",
        "<table class=calendar><tr><td>4 May: arrest of Dana</td></tr></table>",
    ),
    "popular as adjective": (
        "<div class=popular-committee><p>Committee met Omar</p></div>",
        "<div class=popular-committee><p>Committee met Dana</p></div>",
    ),
    "ads dir link": (
        "<a href='/ads/statement-37.html'>Statement</a>",
        "<a href='/ads/statement-31.html'>Statement</a>",
    ),
    "adserver subdomain link": (
        "<p>See <a href='https://ads.army.example/order/37'>the order</a></p>",
        "<p>See <a href='https://ads.army.example/order/31'>the order</a></p>",
    ),
    "img ads subdomain in article": (
        "<article><img src='https://ads.army.example/grave.jpg'></article>",
        "<article><img src='https://ads.army.example/field.jpg'></article>",
    ),
    "sponsored rel evidence": (
        "<p>Proof: <a rel=sponsored href='https://proof.example/37'>the list of names</a></p>",
        "<p>Proof: <a rel=sponsored href='https://proof.example/31'>the list of liars</a></p>",
    ),
    "gpt id lookalike": (
        "<div id=gpt-adana><p>Adana: 12 held</p></div>",
        "<div id=gpt-adana><p>Adana: 21 held</p></div>",
    ),
    "adsbygoogle in article": (
        "<article><p class=adsbygoogle>The army shelled the school on Friday</p></article>",
        "<article><p class=adsbygoogle>The rebels shelled the school on Friday</p></article>",
    ),
    "taboola class text": (
        "<div class=taboola-note><p>Thirty-seven people died</p></div>",
        "<div class=taboola-note><p>Nobody died at all</p></div>",
    ),
    "data ad slot on paragraph": (
        "<p data-ad-slot=1>General Saleh ordered it</p>",
        "<p data-ad-slot=1>General Haddad ordered it</p>",
    ),
    "img size segment": (
        "<img src='/640x480/a.jpg'>",
        "<img src='/640x480/b.jpg'>",
    ),
    "img numbered dirs": (
        "<img src='/exhibits/640/a.jpg'>",
        "<img src='/exhibits/641/a.jpg'>",
    ),
    "img name WxH is content": (
        "<img src='/p/grave-10x20.jpg'>",
        "<img src='/p/grave-12x24.jpg'>",
    ),
    "img query name": (
        "<img src='/p/x.jpg?page=2'>",
        "<img src='/p/x.jpg?page=3'>",
    ),
    "img twimg other": (
        "<img src='https://pbs.twimg.example/media/AbCdEf?format=jpg&name=small'>",
        "<img src='https://pbs.twimg.example/media/AbCdEg?format=jpg&name=small'>",
    ),
    "img next other": (
        "<img src='/_next/image?url=%2Fp%2Fx.jpg&w=640'>",
        "<img src='/_next/image?url=%2Fp%2Fy.jpg&w=640'>",
    ),
    "svg use": (
        "<svg><use href='/sprite.svg#victim'></use></svg>",
        "<svg><use href='/sprite.svg#suspect'></use></svg>",
    ),
    "poster": (
        "<video poster=/p/1.jpg src=/v.mp4></video>",
        "<video poster=/p/2.jpg src=/v.mp4></video>",
    ),
    "track": (
        "<video src=/v.mp4><track src=/s/1.vtt></video>",
        "<video src=/v.mp4><track src=/s/2.vtt></video>",
    ),
    "audio": (
        "<audio src=/a/call-1.mp3></audio>",
        "<audio src=/a/call-2.mp3></audio>",
    ),
    "iframe youtube": (
        "<iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe>",
        "<iframe src='https://www.youtube.com/embed/dQw4w9WgXcR'></iframe>",
    ),
    "iframe lazy": (
        "<iframe data-src='https://www.youtube.com/embed/dQw4w9WgXcQ'></iframe>",
        "<iframe data-src='https://www.youtube.com/embed/dQw4w9WgXcR'></iframe>",
    ),
    "object data": (
        "<object data='/map.swf?lat=1'></object>",
        "<object data='/map.swf?lat=2'></object>",
    ),
    "param": (
        "<object data=/p><param name=file value=a.pdf></object>",
        "<object data=/p><param name=file value=b.pdf></object>",
    ),
    "canvas fallback": (
        "<canvas>37 dead</canvas>",
        "<canvas>31 dead</canvas>",
    ),
    "details summary": (
        "<details><summary>37 names</summary>Dana</details>",
        "<details><summary>31 names</summary>Dana</details>",
    ),
    "select order": (
        "<select><option value=1>Dana<option value=2>Omar</select>",
        "<select><option value=1>Omar<option value=2>Dana</select>",
    ),
    "option value": (
        "<select><option value=guilty>A</select>",
        "<select><option value=innocent>A</select>",
    ),
    "textarea": (
        "<textarea>37</textarea>",
        "<textarea>31</textarea>",
    ),
    "placeholder": (
        "<input placeholder='Name of victim'>",
        "<input placeholder='Name of suspect'>",
    ),
    "label for": (
        "<label>Killed <input value=37></label>",
        "<label>Killed <input value=31></label>",
    ),
    "map coords": (
        "<map name=m><area coords='1,2,3,4' href=/a alt=A></map>",
        "<map name=m><area coords='5,6,7,8' href=/a alt=A></map>",
    ),
    "th scope": (
        "<table><tr><th>Dead<th>Hurt<tr><td>1<td>2</table>",
        "<table><tr><th>Hurt<th>Dead<tr><td>1<td>2</table>",
    ),
    "rowspan": (
        "<table><tr><td rowspan=2>A<td>1<tr><td>2</table>",
        "<table><tr><td rowspan=3>A<td>1<tr><td>2</table>",
    ),
    "meta news keywords": (
        "<meta name=news_keywords content='raid,Homs'>",
        "<meta name=news_keywords content='raid,Hama'>",
    ),
    "meta custom": (
        "<meta name=location content='Homs'>",
        "<meta name=location content='Hama'>",
    ),
    "itemprop datePublished": (
        "<time itemprop=datePublished content='2021-05-21'>May</time>",
        "<time itemprop=datePublished content='2021-05-22'>May</time>",
    ),
    "rdfa": (
        "<span property='schema:author' resource='/dana'>x</span>",
        "<span property='schema:author' resource='/omar'>x</span>",
    ),
    "itemid": (
        "<div itemscope itemid='urn:case:1'></div>",
        "<div itemscope itemid='urn:case:2'></div>",
    ),
    "microformat": (
        "<data class=p-geo value='36.2;37.1'></data>",
        "<data class=p-geo value='36.2;37.9'></data>",
    ),
    "js string concat": (
        "<script>var a='Ho'+'ms';</script>",
        "<script>var a='Ha'+'ma';</script>",
    ),
    "js template": (
        "<script>var t=`Killed: ${37}`;</script>",
        "<script>var t=`Killed: ${31}`;</script>",
    ),
    "js array of names": (
        "<script>var victims=['Dana','Omar'];</script>",
        "<script>var victims=['Omar','Dana'];</script>",
    ),
    "js date ctor": (
        "<script>var d=new Date(2021,4,21);</script>",
        "<script>var d=new Date(2021,4,22);</script>",
    ),
    "js url": (
        "<script>var doc='/files/a.pdf';</script>",
        "<script>var doc='/files/b.pdf';</script>",
    ),
    "js bool var flip": (
        "<script>showToll=true;</script>",
        "<script>showToll=false;</script>",
    ),
    "js key": (
        "<script>var o={killed:37};</script>",
        "<script>var o={freed:37};</script>",
    ),
    "js added entry": (
        "<script>var v=['Dana'];</script>",
        "<script>var v=['Dana','Omar'];</script>",
    ),
    "js analytics content": (
        "<script>dataLayer.push({'article':{'title':'Raid in Homs kills many'}});</script>",
        "<script>dataLayer.push({'article':{'title':'Fair in Hama draws many'}});</script>",
    ),
    "json key changed": (
        '<script type=application/json>{"killed":37}</script>',
        '<script type=application/json>{"freed":37}</script>',
    ),
    "json array shorter": (
        '<script type=application/json>{"names":["Dana","Omar"]}</script>',
        '<script type=application/json>{"names":["Dana"]}</script>',
    ),
    "json views words": (
        '<script type=application/json>{"views":"moderate"}</script>',
        '<script type=application/json>{"views":"radical"}</script>',
    ),
    "json plays": (
        '<script type=application/json>{"comments":[{"likes":3,"text":"I saw 37"}]}</script>',
        '<script type=application/json>{"comments":[{"likes":3,"text":"I saw 31"}]}</script>',
    ),
    "json share": (
        '<script type=application/json>{"share":0.37}</script>',
        '<script type=application/json>{"share":0.73}</script>',
    ),
    "json total deaths": (
        '<script type=application/json>{"total_deaths":37}</script>',
        '<script type=application/json>{"total_deaths":31}</script>',
    ),
    "json num victims": (
        '<script type=application/json>{"numVictims":37}</script>',
        '<script type=application/json>{"numVictims":31}</script>',
    ),
    "json client ip": (
        '<script type=application/json>{"attacker_ip":"198.51.100.7"}</script>',
        '<script type=application/json>{"attacker_ip":"203.0.113.9"}</script>',
    ),
    "json locale data": (
        '<script type=application/json>{"geo":{"country":"SY"},"photo":1}</script>',
        '<script type=application/json>{"geo":{"country":"IQ"},"photo":1}</script>',
    ),
}  # fmt: skip

CLAIMS: Pairs = {
    "likes others name": (
        "<span>Liked by <a href=/dana>dana</a> and 1,204 others</span>",
        "<span>Liked by <a href=/omar>omar</a> and 1,204 others</span>",
    ),
    "number others": (
        "<p>Dana and 12 others were killed</p>",
        "<p>Dana and 21 others were killed</p>",
    ),
    "others arrested": (
        "<p>Dana and 12 others</p>",
        "<p>Omar and 12 others</p>",
    ),
    "people found": (
        "<p>12 people found dead</p>",
        "<p>21 people found dead</p>",
    ),
    "helpful hands": (
        "<p>12 people found in the well</p>",
        "<p>2 people found in the well</p>",
    ),
    "watching now soldiers": (
        "<p>12 soldiers watching now</p>",
        "<p>2 soldiers watching now</p>",
    ),
    "streaming": (
        "<p>Started shelling 58 minutes ago</p>",
        "<p>Started shelling 3 minutes ago</p>",
    ),
    "countdown of ultimatum": (
        "<p>Ultimatum ends in 3 days</p>",
        "<p>Ultimatum ends in 2 days</p>",
    ),
    "reading time": (
        "<p>3 min read</p>",
        "<p>4 min read</p>",
    ),
    "views politically": (
        "<p>He holds 12 views</p>",
        "<p>He holds 13 views</p>",
    ),
    "comment count in text": (
        "<p>The report has 45 comments by victims</p>",
        "<p>The report has 4 comments by victims</p>",
    ),
    "list of 12 followers": (
        "<p>12 followers were jailed</p>",
        "<p>21 followers were jailed</p>",
    ),
    "share of land": (
        "<p>Share: 45%</p>",
        "<p>Share: 54%</p>",
    ),
    "shares label pct": (
        "<div class=share>45%</div>",
        "<div class=share>54%</div>",
    ),
    "votes tally": (
        "<div class=votes>Yes 45 No 12</div>",
        "<div class=votes>Yes 12 No 45</div>",
    ),
    "likes class text": (
        "<p class=likes>Dana likes 3 dogs</p>",
        "<p class=likes>Omar likes 3 dogs</p>",
    ),
    "reactions forged emoji": (
        "<div class=reactions><span>👍 120</span><span>👎 3</span></div>",
        "<div class=reactions><span>👍 3</span><span>👎 120</span></div>",
    ),
    "rating forged": (
        "<p>Freedom rating 4.5</p>",
        "<p>Freedom rating 1.5</p>",
    ),
    "age of photo": (
        "<p>Photo taken 2 hours ago</p>",
        "<p>Photo taken 2 years ago</p>",
    ),
    "updated wrong year": (
        "<p>Updated: November 29, 2026 10:00 am</p>",
        "<p>Updated: November 29, 2021 10:00 am</p>",
    ),
    "time tag text": (
        "<time datetime='2021-05-21T10:30Z'>21 May</time>",
        "<time datetime='2021-05-21T10:30Z'>22 May</time>",
    ),
    "yearless date": (
        "<p>21 May</p>",
        "<p>22 May</p>",
    ),
    "weekday": (
        "<p>Friday</p>",
        "<p>Saturday</p>",
    ),
    "month": (
        "<p>May 2021</p>",
        "<p>June 2021</p>",
    ),
    "year": (
        "<p>2021</p>",
        "<p>2011</p>",
    ),
    "copyright year": (
        "<footer>© 1998 Dana Press</footer>",
        "<footer>© 2009 Dana Press</footer>",
    ),
    "zone": (
        "<p>10:30 UTC, 21 May 2021</p>",
        "<p>10:30 EST, 21 May 2021</p>",
    ),
    "bg image in article": (
        "<article style='background-image:url(/a.jpg)'><p>x</p></article>",
        "<article style='background-image:url(/b.jpg)'><p>x</p></article>",
    ),
    "bg shard lookalike host": (
        "<div style='background-image:url(https://img1.cdn.example/a.jpg)'></div>",
        "<div style='background-image:url(https://img1.cdn2.example/a.jpg)'></div>",
    ),
    "data-bg": (
        "<div data-bg='/a.jpg'></div>",
        "<div data-bg='/b.jpg'></div>",
    ),
    "img host other subdomain": (
        "<img src='https://victims.host.example/1.jpg'>",
        "<img src='https://army.host.example/1.jpg'>",
    ),
    "img path case": (
        "<img src='/p/A.jpg'>",
        "<img src='/p/a.jpg'>",
    ),
    "img ext": (
        "<img src='/p/a.jpg'>",
        "<img src='/p/a.gif'>",
    ),
    "img size attr forged": (
        "<img src='/p/a-640x480.jpg'>",
        "<img src='/p/b-640x480.jpg'>",
    ),
    "srcset only": (
        "<img srcset='/p/a.jpg 1x, /p/a2.jpg 2x'>",
        "<img srcset='/p/a.jpg 1x, /p/b2.jpg 2x'>",
    ),
    "picture source swap": (
        "<picture><source media='(min-width:1px)' srcset=/p/a.jpg><img src=/p/a.jpg></picture>",
        "<picture><source media='(min-width:1px)' srcset=/p/z.jpg><img src=/p/a.jpg></picture>",
    ),
    "video source order": (
        "<video><source src=/v/a.mp4></video>",
        "<video><source src=/v/b.mp4></video>",
    ),
    "video track lang": (
        "<video src=/v.mp4><track src=/s.vtt srclang=ar></video>",
        "<video src=/v.mp4><track src=/s.vtt srclang=ru></video>",
    ),
    "link to other shard": (
        "<a href='https://docs1.example/a'>A</a>",
        "<a href='https://docs2.example/a'>A</a>",
    ),
    "link port": (
        "<a href='http://news.example:8080/a'>A</a>",
        "<a href='http://news.example:8081/a'>A</a>",
    ),
    "link userinfo": (
        "<a href='https://news.example@evil.example/a'>A</a>",
        "<a href='https://news.example/a'>A</a>",
    ),
    "link page query": (
        "<a href='/list?page=2'>A</a>",
        "<a href='/list?page=3'>A</a>",
    ),
    "link utm content": (
        "<a href='/list?utm_source=x&id=1'>A</a>",
        "<a href='/list?utm_source=x&id=2'>A</a>",
    ),
    "link exp": (
        "<a href='/list?exp=victims'>A</a>",
        "<a href='/list?exp=army'>A</a>",
    ),
    "link sess word": (
        "<a href='/list?session=plenary'>A</a>",
        "<a href='/list?session=closed'>A</a>",
    ),
    "link hash id": (
        "<a href='/f/9f86d081884c7d65'>A</a>",
        "<a href='/f/1f86d081884c7d65'>A</a>",
    ),
    "ad class name list": (
        "<ul class=ads><li>Dana Saleh, 12</li></ul>",
        "<ul class=ads><li>Dana Saleh, 21</li></ul>",
    ),
    "ad class obit": (
        "<div class=ad><p>In memory of Dana Saleh</p></div>",
        "<div class=ad><p>In memory of Omar Haddad</p></div>",
    ),
    "ad job military": (
        "<div class='ad-unit'><p>Unit 12 commander: Saleh</p></div>",
        "<div class='ad-unit'><p>Unit 12 commander: Haddad</p></div>",
    ),
    "sponsored content claim": (
        "<div class=sponsored><p>Ministry: hospital was empty</p></div>",
        "<div class=sponsored><p>Ministry: hospital was full</p></div>",
    ),
    "consent doc": (
        "<div class=cookie><p>We took your sons</p></div>",
        "<div class=cookie><p>We freed your sons</p></div>",
    ),
    "prompt both lie": (
        "<div class=newsletter><p>Sign up for news of the massacre</p></div>",
        "<div class=newsletter><p>Sign up for news of the accident</p></div>",
    ),
    "popup name": (
        "<div class=popup><b>Dana Saleh</b></div>",
        "<div class=popup><b>Omar Haddad</b></div>",
    ),
    "map popup": (
        "<div class=leaflet-popup><b>Homs</b> 12 dead</div>",
        "<div class=leaflet-popup><b>Hama</b> 12 dead</div>",
    ),
    "lightbox caption": (
        "<div class=lightbox><p>Body of Dana</p></div>",
        "<div class=lightbox><p>Body of Omar</p></div>",
    ),
    "modal gone": (
        "<div class=modal><p>Body of Dana</p></div>",
        "",
    ),
    "gate class": (
        "<div class=gate><p>Gate 4 was open</p></div>",
        "<div class=gate><p>Gate 4 was shut</p></div>",
    ),
    "push class": (
        "<div class=push><p>Northern push: 12 villages</p></div>",
        "<div class=push><p>Northern push: 2 villages</p></div>",
    ),
    "events class no link": (
        "<ul class=events><li>3 May: Dana shot</li><li>4 May: Omar held</li></ul>",
        "<ul class=events><li>3 May: Dana held</li><li>4 May: Omar shot</li></ul>",
    ),
    "agenda class": (
        "<div class=agenda><p>Item 4: sanctions</p></div>",
        "<div class=agenda><p>Item 4: trade</p></div>",
    ),
    "agenda link": (
        "<div class=agenda><a href=/i/4>Item 4: sanctions on Haddad</a></div>",
        "<div class=agenda><a href=/i/4>Item 4: trade with Haddad</a></div>",
    ),
    "trending topic page": (
        "<div class=trending><a href=/t/1>Massacre</a></div>",
        "<div class=trending><a href=/t/1>Festival</a></div>",
    ),
    "latest figure": (
        "<div class=latest><span>Latest: 37</span></div>",
        "<div class=latest><span>Latest: 31</span></div>",
    ),
    "latest time": (
        "<div class=latest><span>10:30</span> <p>Shell hits ward</p></div>",
        "<div class=latest><span>11:30</span> <p>Shell hits ward</p></div>",
    ),
    "timeline in aside": (
        "<aside><ul><li>10:30 First shell</li></ul></aside>",
        "<aside><ul><li>11:30 First shell</li></ul></aside>",
    ),
    "aside one word link": (
        "<aside><a href=/d/homs>Homs</a></aside>",
        "<aside><a href=/d/hama>Hama</a></aside>",
    ),
    "aside cited doc": (
        "<aside><a href=/docs/order-12.pdf>Order of the day 12</a></aside>",
        "<aside><a href=/docs/order-13.pdf>Order of the day 13</a></aside>",
    ),
    "related docs swapped target": (
        "<ul class=related><li><a href=/docs/12.pdf>Autopsy</a></li></ul>",
        "<ul class=related><li><a href=/docs/13.pdf>Autopsy</a></li></ul>",
    ),
    "popular numbers": (
        "<div class=popular><a href=/n/1>Ten dead</a> 12</div>",
        "<div class=popular><a href=/n/1>Ten dead</a> 21</div>",
    ),
    "market label": (
        "<div class=market><span>Bodies</span> <span>12.5</span></div>",
        "<div class=market><span>Bodies</span> <span>12.9</span></div>",
    ),
    "stock tons": (
        "<div class=stock>Sarin 1,200.5 kg</div>",
        "<div class=stock>Sarin 1,201.5 kg</div>",
    ),
    "currency field": (
        "<span class=currency>USD</span>",
        "<span class=currency>RUB</span>",
    ),
    "weather 40": (
        "<div class=weather>Homs 4°</div>",
        "<div class=weather>Homs 40°</div>",
    ),
    "json counts victims": (
        '<script type=application/json>{"counts":{"dead":37}}</script>',
        '<script type=application/json>{"counts":{"dead":31}}</script>',
    ),
    "json num_shares": (
        '<script type=application/json>{"num_shares_owned_by_army":37}</script>',
        '<script type=application/json>{"num_shares_owned_by_army":31}</script>',
    ),
    "json view angle": (
        '<script type=application/json>{"view":37}</script>',
        '<script type=application/json>{"view":31}</script>',
    ),
    "json time": (
        '<script type=application/json>{"time":"2021-05-21T10:30:00Z"}</script>',
        '<script type=application/json>{"time":"2021-05-21T11:30:00Z"}</script>',
    ),
    "json t": (
        '<script type=application/json>{"t":1621593000}</script>',
        '<script type=application/json>{"t":1621593300}</script>',
    ),
    "json ts event": (
        '<script type=application/json>{"shots":[{"ts":1621593000},{"ts":1621593060}]}</script>',
        '<script type=application/json>{"shots":[{"ts":1621593000},{"ts":1621593120}]}</script>',
    ),
    "json now word": (
        '<script type=application/json>{"now":"2021-05-21"}</script>',
        '<script type=application/json>{"now":"2021-06-21"}</script>',
    ),
    "json token list": (
        '<script type=application/json>{"tokens":["killed","37"]}</script>',
        '<script type=application/json>{"tokens":["killed","31"]}</script>',
    ),
    "json session id case": (
        '<script type=application/json>{"session_id":"S-7\\/8771"}</script>',
        '<script type=application/json>{"session_id":"S-7\\/8772"}</script>',
    ),
    "json event id": (
        '<script type=application/json>{"eventId":"SYR4471"}</script>',
        '<script type=application/json>{"eventId":"SYR4472"}</script>',
    ),
    "json build": (
        '<script type=application/json>{"build":"tower-4"}</script>',
        '<script type=application/json>{"build":"tower-5"}</script>',
    ),
    "json form": (
        '<script type=application/json>{"form_id":"F1A2"}</script>',
        '<script type=application/json>{"form_id":"F1A3"}</script>',
    ),
    "json cursor": (
        '<script type=application/json>{"cursor":"A7x9"}</script>',
        '<script type=application/json>{"cursor":"B7x9"}</script>',
    ),
    "json experiments": (
        '<script type=application/json>{"experiments":{"sarin":true}}</script>',
        '<script type=application/json>{"experiments":{"sarin":false}}</script>',
    ),
    "json blob": (
        '<script type=application/json>{"blob":"aGVsbG8gd29ybGQ="}</script>',
        '<script type=application/json>{"blob":"Z29vZGJ5ZSB3b3I="}</script>',
    ),
    "js geo var": (
        "<script>var map_center=[36.20,37.13];</script>",
        "<script>var map_center=[36.20,37.93];</script>",
    ),
    "js fn arg": (
        "<script>plot('Homs', 37);</script>",
        "<script>plot('Hama', 37);</script>",
    ),
    "js obj": (
        "<script>timeline.add({date:'21 May',text:'Shell'});</script>",
        "<script>timeline.add({date:'22 May',text:'Shell'});</script>",
    ),
    "js ga content": (
        "<script>ga('set','dimension1','killed-37');</script>",
        "<script>ga('set','dimension1','killed-31');</script>",
    ),
    "js hidden flag": (
        "<script>config.hideVictims=false;</script>",
        "<script>config.hideVictims=true;</script>",
    ),
    "onclick": (
        "<button onclick=\"play('a.mp4')\">Play</button>",
        "<button onclick=\"play('b.mp4')\">Play</button>",
    ),
    "style attr content": (
        "<div style=\"--label:'37'\"></div>",
        "<div style=\"--label:'31'\"></div>",
    ),
    "title attr": (
        "<abbr title='killed in action'>KIA</abbr>",
        "<abbr title='killed in accident'>KIA</abbr>",
    ),
    "aria-valuetext": (
        "<div aria-valuetext='37 of 40 dead'></div>",
        "<div aria-valuetext='31 of 40 dead'></div>",
    ),
    "data-count dead": (
        "<span data-count=37>dead</span>",
        "<span data-count=31>dead</span>",
    ),
    "data-value": (
        "<li data-value=37>Ward</li>",
        "<li data-value=31>Ward</li>",
    ),
    "data-likes dead name": (
        "<span data-dead=37></span>",
        "<span data-dead=31></span>",
    ),
    "data-timestamp old": (
        "<div data-timestamp=1621593000></div>",
        "<div data-timestamp=1621593300></div>",
    ),
    "data-video-time": (
        "<div data-start=37></div>",
        "<div data-start=31></div>",
    ),
    "custom element": (
        "<map-marker lat=36.2 lng=37.1></map-marker>",
        "<map-marker lat=36.2 lng=37.9></map-marker>",
    ),
    "custom video": (
        "<my-video src=/a.mp4></my-video>",
        "<my-video src=/b.mp4></my-video>",
    ),
    "custom iframe href": (
        "<embed-tweet href=https://x.example/1></embed-tweet>",
        "<embed-tweet href=https://x.example/2></embed-tweet>",
    ),
    "form field name": (
        "<input name=victims value=1>",
        "<input name=suspects value=1>",
    ),
}  # fmt: skip

LATER_CLAIMS: Pairs = {
    "ad tld link": (
        "<p>Read <a href='https://tribunal.ad/ruling/1'>the ruling</a></p>",
        "<p>Read <a href='https://tribunal.ad/ruling/2'>the ruling</a></p>",
    ),
    "ad tld img": (
        "<img src='https://img.tribunal.ad/1.jpg'>",
        "<img src='https://img.tribunal.ad/2.jpg'>",
    ),
    "ad hoc frame": (
        "<iframe src='/ad-hoc-tribunal/doc/1'></iframe>",
        "<iframe src='/ad-hoc-tribunal/doc/2'></iframe>",
    ),
    "ad-dana li": (
        "<li id=ad-dana>Dana: 12 killed</li>",
        "<li id=ad-dana>Dana: 2 killed</li>",
    ),
    "class ad-deir": (
        "<div class=ad-deir><p>Ad Deir fell on Monday</p></div>",
        "<div class=ad-deir><p>Ad Deir fell on Sunday</p></div>",
    ),
    "sponsor para": (
        "<p class=sponsor-statement>The sponsor denied it</p>",
        "<p class=sponsor-statement>The sponsor confirmed it</p>",
    ),
    "sponsors list": (
        "<div class=sponsors><a href=https://mod.example>Ministry of Oil</a></div>",
        "<div class=sponsors><a href=https://red.example>Red Crescent</a></div>",
    ),
    "banner p": (
        "<div class='banner'><p>State of emergency declared</p></div>",
        "<div class='banner'><p>State of emergency lifted</p></div>",
    ),
    "banner a": (
        "<a class=banner href=/e>State of emergency declared in Homs</a>",
        "<a class=banner href=/f>Ceasefire holds across the country today</a>",
    ),
    "promo a": (
        "<div class=promo><a href=/n/1>Video: the strike</a></div>",
        "<div class=promo><a href=/n/2>Video: the parade</a></div>",
    ),
    "country span footer": (
        "<footer><span class=country>Syria</span></footer>",
        "<footer><span class=country>Turkey</span></footer>",
    ),
    "region aside": (
        "<aside><dl><dt>Region</dt><dd class=region>Idlib</dd></dl></aside>",
        "<aside><dl><dt>Region</dt><dd class=region>Hama</dd></dl></aside>",
    ),
    "temperature aside": (
        "<aside><span class=temperature>39.5°C</span></aside>",
        "<aside><span class=temperature>36.5°C</span></aside>",
    ),
    "weather history": (
        "<aside class=weather><p>On the day: 4°C, clear</p></aside>",
        "<aside class=weather><p>On the day: 14°C, fog</p></aside>",
    ),
    "iframe id q": (
        "<iframe src='https://v.example/embed?clip=77'></iframe>",
        "<iframe src='https://v.example/embed?clip=78'></iframe>",
    ),
    "iframe sid": (
        "<iframe src='https://v.example/embed?sid=1204'></iframe>",
        "<iframe src='https://v.example/embed?sid=1205'></iframe>",
    ),
    "video q": (
        "<video src='/media?clip=a1'></video>",
        "<video src='/media?clip=b2'></video>",
    ),
    "audio q": (
        "<audio src='/call.php?n=1'></audio>",
        "<audio src='/call.php?n=2'></audio>",
    ),
    "og video q": (
        "<meta property='og:video:url' content='https://v.example/e?clip=77'>",
        "<meta property='og:video:url' content='https://v.example/e?clip=78'>",
    ),
    "og audio": (
        "<meta property='og:audio' content='https://v.example/a.php?n=1'>",
        "<meta property='og:audio' content='https://v.example/a.php?n=2'>",
    ),
    "og url q": (
        "<meta property='og:url' content='https://news.example/s?sid=1'>",
        "<meta property='og:url' content='https://news.example/s?sid=2'>",
    ),
    "geo z": (
        "<a href='geo:36.2,37.1?z=15'>Map</a>",
        "<a href='geo:36.9,37.1?z=15'>Map</a>",
    ),
    "mailto subj": (
        "<a href='mailto:a@b.example?subject=Case%2012'>Mail</a>",
        "<a href='mailto:a@b.example?subject=Case%2013'>Mail</a>",
    ),
    "mailto other": (
        "<a href='mailto:witness@hrw.example'>Mail</a>",
        "<a href='mailto:witness@mod.example'>Mail</a>",
    ),
    "sms": (
        "<a href='sms:+963111'>SMS</a>",
        "<a href='sms:+963112'>SMS</a>",
    ),
    "tg scheme": (
        "<a href='tg://resolve?domain=hrw'>TG</a>",
        "<a href='tg://resolve?domain=mod'>TG</a>",
    ),
    "sid link": (
        "<a href='/s?sid=abc'>S</a>",
        "<a href='/s?sid=abd'>S</a>",
    ),
    "ld exchange": (
        "<script type='application/ld+json'>{\"victim\":{\"name\":\"Dana\",\"age\":12},\"accused\":{\"name\":\"Omar\",\"age\":40}}</script>",
        "<script type='application/ld+json'>{\"victim\":{\"name\":\"Omar\",\"age\":12},\"accused\":{\"name\":\"Dana\",\"age\":40}}</script>",
    ),
    "ld lat lon swap": (
        "<script type='application/ld+json'>{\"latitude\":36.2,\"longitude\":37.1}</script>",
        "<script type='application/ld+json'>{\"latitude\":37.1,\"longitude\":36.2}</script>",
    ),
    "json list swap fields": (
        '<script type=application/json>[{"n":"A","v":1},{"n":"B","v":2}]</script>',
        '<script type=application/json>[{"n":"A","v":2},{"n":"B","v":1}]</script>',
    ),
    "script swap": (
        "<script>setDead(37);setHurt(112);</script>",
        "<script>setDead(112);setHurt(37);</script>",
    ),
    "geojson feature name": (
        '<script>var g={"type":"FeatureCollection","features":[{"properties":{"name":"Mass grave"}}]};</script>',
        '<script>var g={"type":"FeatureCollection","features":[{"properties":{"name":"Quarry"}}]};</script>',
    ),
    "geojson removed feature": (
        '<script>var g={"type":"FeatureCollection","features":[{"id":1,"properties":{"n":1}},{"id":2,"properties":{"n":2}}]};</script>',
        '<script>var g={"type":"FeatureCollection","features":[{"id":1,"properties":{"n":1}}]};</script>',
    ),
    "json latest title": (
        '<script type=application/json>{"latest":{"title":"Toll reaches 37"}}</script>',
        '<script type=application/json>{"latest":{"title":"No casualties reported"}}</script>',
    ),
    "json latest news": (
        '<script type=application/json>{"latest_news":[{"id":1,"title":"Toll reaches 37"}]}</script>',
        '<script type=application/json>{"latest_news":[{"id":1,"title":"No casualties"}]}</script>',
    ),
    "json timestamp ms": (
        '<script type=application/json>{"timestamp":1621593000000}</script>',
        '<script type=application/json>{"timestamp":1621679400000}</script>',
    ),
    "json created": (
        '<script type=application/json>{"created":1795939200}</script>',
        '<script type=application/json>{"created":1795939500}</script>',
    ),
    "json mid": (
        '<script type=application/json>{"mediaId":"9f86d081884c7d65"}</script>',
        '<script type=application/json>{"mediaId":"1f86d081884c7d65"}</script>',
    ),
    "json machine": (
        '<script type=application/json>{"serial":"A1B2C3D4E5F6G7H8"}</script>',
        '<script type=application/json>{"serial":"A1B2C3D4E5F6G7H9"}</script>',
    ),
    "json plate": (
        '<script type=application/json>{"plate":"AB12CD3456EF7890"}</script>',
        '<script type=application/json>{"plate":"AB12CD3456EF7891"}</script>',
    ),
    "json imei": (
        '<script type=application/json>{"imei":"490154203237518"}</script>',
        '<script type=application/json>{"imei":"490154203237519"}</script>',
    ),
    "json tx": (
        '<script type=application/json>{"tx":"4a5e1e4baab89f3a32518a88c31bc87f"}</script>',
        '<script type=application/json>{"tx":"5a5e1e4baab89f3a32518a88c31bc87f"}</script>',
    ),
    "script str": (
        "<script>var target='hospital';</script>",
        "<script>var target='barracks';</script>",
    ),
    "script num": (
        "<script>window.toll=37;</script>",
        "<script>window.toll=31;</script>",
    ),
    "script id": (
        "<script>jwplayer('p').setup({mediaid:'aB3dE5fG'});</script>",
        "<script>jwplayer('p').setup({mediaid:'zB3dE5fG'});</script>",
    ),
    "alt swap 3": (
        "<figure><img src=/1.jpg alt='Before the strike'></figure><figure><img src=/2.jpg alt='After the strike'></figure>",
        "<figure><img src=/1.jpg alt='After the strike'></figure><figure><img src=/2.jpg alt='Before the strike'></figure>",
    ),
    "checked swap": (
        "<label><input type=checkbox name=v value=true checked>True</label><label><input type=checkbox name=v value=false>False</label>",
        "<label><input type=checkbox name=v value=true>True</label><label><input type=checkbox name=v value=false checked>False</label>",
    ),
    "radio noname": (
        "<label><input type=radio checked>Guilty</label><label><input type=radio>Innocent</label>",
        "<label><input type=radio>Guilty</label><label><input type=radio checked>Innocent</label>",
    ),
    "selected swap": (
        "<select name=x><option value=1 selected>Syria</option><option value=2>Iraq</option></select>",
        "<select name=x><option value=1>Syria</option><option value=2 selected>Iraq</option></select>",
    ),
    "14 hits list": (
        "<ul><li>14 hits</li><li>3 misses</li></ul>",
        "<ul><li>41 hits</li><li>3 misses</li></ul>",
    ),
    "hits cell": (
        "<table><tr><td>Hits</td><td>14</td></tr></table>",
        "<table><tr><td>Hits</td><td>41</td></tr></table>",
    ),
    "hits span": (
        "<span>14 hits</span>",
        "<span>15 hits</span>",
    ),
    "visits cell": (
        "<table><tr><td>Prison visits</td><td>14</td></tr></table>",
        "<table><tr><td>Prison visits</td><td>15</td></tr></table>",
    ),
    "14 reads": (
        "<p>14 shots</p>",
        "<p>15 shots</p>",
    ),
    "teaser latest sub": (
        "<section class=latest><h2>Latest</h2><a href=/n/1>Army enters Dana</a></section>",
        "<section class=latest><h2>Latest</h2><a href=/n/1>Army leaves Dana</a></section>",
    ),
    "teaser aside img": (
        "<aside class=latest><a href=/n/1><img src=/t/1.jpg alt=Tank></a></aside>",
        "<aside class=latest><a href=/n/1><img src=/t/2.jpg alt=Tractor></a></aside>",
    ),
    "teaser heading": (
        "<aside class=related><h3>Related: war crimes</h3><a href=/n/1>X marks it</a></aside>",
        "<aside class=related><h3>Related: accidents</h3><a href=/n/1>X marks it</a></aside>",
    ),
    "data-post-id": (
        "<article data-post-id=1204></article>",
        "<article data-post-id=1205></article>",
    ),
    "lite yt": (
        "<lite-youtube videoid=ogfYd705cRs playlabel='Play: The strike'></lite-youtube>",
        "<lite-youtube videoid=ogfYd705cRs playlabel='Play: The parade'></lite-youtube>",
    ),
    "geo.placename": (
        "<meta name=geo.placename content=Homs>",
        "<meta name=geo.placename content=Hama>",
    ),
    "data-lng": (
        "<span class=place data-lng=37.1></span>",
        "<span class=place data-lng=37.9></span>",
    ),
    "bar px": (
        "<div class=chart><div class=bar style='width:120px'></div></div>",
        "<div class=chart><div class=bar style='width:210px'></div></div>",
    ),
    "bar height pct swap": (
        "<div class=c><i style='height:10%'></i><i style='height:90%'></i></div>",
        "<div class=c><i style='height:90%'></i><i style='height:10%'></i></div>",
    ),
    "media fragment xywh": (
        "<img src='/p/x.jpg#xywh=10,10,50,50'>",
        "<img src='/p/x.jpg#xywh=90,90,50,50'>",
    ),
    "media frag t": (
        "<video src='/v.mp4#t=10'></video>",
        "<video src='/v.mp4#t=90'></video>",
    ),
    "td data-sort": (
        "<table><tr><td data-sort=37>thirty-seven</table>",
        "<table><tr><td data-sort=31>thirty-seven</table>",
    ),
}  # fmt: skip

LAST_CLAIMS: Pairs = {
    "view count by police": (
        "<span id=victim-count>37</span>",
        "<span id=victim-count>31</span>",
    ),
    "stats dead": (
        "<div class=Stats><span>37</span></div>",
        "<div class=Stats><span>31</span></div>",
    ),
    "count id": (
        "<span id=count>37</span>",
        "<span id=count>31</span>",
    ),
    "views unit lie": (
        "<span>1.2K views</span>",
        "<span>1.2M views</span>",
    ),
    "comments disabled": (
        "<p>12 comments</p>",
        "<p>Comments were deleted</p>",
    ),
    "likes to dislikes ar": (
        "<p>12 إعجاب</p>",
        "<p>12 عدم إعجاب</p>",
    ),
    "share btn dead": (
        "<div class=share><b>Dead</b> <i>37</i></div>",
        "<div class=share><b>Dead</b> <i>31</i></div>",
    ),
    "reply text": (
        "<p>12 replies from the ministry</p>",
        "<p>0 replies from the ministry</p>",
    ),
    "show more": (
        "<p>Show 3 more bodies</p>",
        "<p>Show 5 more bodies</p>",
    ),
    "seen": (
        "<p>Last seen 3 March</p>",
        "<p>Last seen 5 March</p>",
    ),
    "last seen alive": (
        "<p>Seen 3 times</p><p>Dana</p>",
        "<p>Seen 3 times</p><p>Omar</p>",
    ),
    "online": (
        "<p>12 snipers online</p>",
        "<p>2 snipers online</p>",
    ),
    "10:00 strike": (
        "<p>10:00 strike</p>",
        "<p>10:07 strike</p>",
    ),
    "now battle": (
        "<p>Now 37 dead</p>",
        "<p>Now 31 dead</p>",
    ),
    "updated toll": (
        "<p>Updated toll: 37</p>",
        "<p>Updated toll: 31</p>",
    ),
    "live toll": (
        "<p>LIVE 37</p>",
        "<p>LIVE 31</p>",
    ),
    "today arrests": (
        "<p>Today: 12</p>",
        "<p>Today: 21</p>",
    ),
    "page number": (
        "<p>Page 12</p>",
        "<p>Page 21</p>",
    ),
    "article number": (
        "<p>Article 7</p>",
        "<p>Article 8</p>",
    ),
    "article total": (
        "<p>Total: 37</p>",
        "<p>Total: 31</p>",
    ),
    "number of this": (
        "<p>The number is 37</p>",
        "<p>The number is 31</p>",
    ),
    "day count": (
        "<p>Day 12</p>",
        "<p>Day 21</p>",
    ),
    "watch brand": (
        "<p>Watching 12 houses</p>",
        "<p>Watching 21 houses</p>",
    ),
    "fr lu": (
        "<p>Lu 12 noms</p>",
        "<p>Lu 21 noms</p>",
    ),
    "ar visits": (
        "<p>37 زيارة للسجن</p>",
        "<p>31 زيارة للسجن</p>",
    ),
    "ar shares": (
        "<p>مشاركة 12 جندي</p>",
        "<p>مشاركة 21 جندي</p>",
    ),
    "es veces": (
        "<p>Golpeado 12 veces</p>",
        "<p>Golpeado 21 veces</p>",
    ),
    "footer toll": (
        "<footer><p>Users killed: 12</p></footer>",
        "<footer><p>Users killed: 21</p></footer>",
    ),
    "footer members": (
        "<footer><p>Jailed members: 12</p></footer>",
        "<footer><p>Jailed members: 21</p></footer>",
    ),
    "aside votes": (
        "<aside><p>Votes against: 12</p></aside>",
        "<aside><p>Votes against: 21</p></aside>",
    ),
    "aside hits": (
        "<aside><p>14 hits</p></aside>",
        "<aside><p>41 hits</p></aside>",
    ),
    "aside people": (
        "<aside><p>37 people</p></aside>",
        "<aside><p>31 people</p></aside>",
    ),
    "meta refresh": (
        "<meta http-equiv=refresh content='600;url=/a'>",
        "<meta http-equiv=refresh content='600;url=/b'>",
    ),
    "onion mirror": (
        "<link rel=alternate href=http://aaa.onion/>",
        "<link rel=alternate href=http://bbb.onion/>",
    ),
    "form hidden victim": (
        "<input type=hidden name=token value='dana'>",
        "<input type=hidden name=token value='omar'>",
    ),
    "json key word": (
        '<script type=application/json>{"key":"guilty"}</script>',
        '<script type=application/json>{"key":"cleared"}</script>',
    ),
    "json sid": (
        '<script type=application/json>{"sid":"S1204"}</script>',
        '<script type=application/json>{"sid":"S1205"}</script>',
    ),
    "json ua": (
        '<script type=application/json>{"ua":"Ukraine"}</script>',
        '<script type=application/json>{"ua":"Russia"}</script>',
    ),
    "json rating": (
        '<script type=application/json>{"ratingValue":"4.5"}</script>',
        '<script type=application/json>{"ratingValue":"0.1"}</script>',
    ),
    "json elapsed": (
        '<script type=application/json>{"elapsed":37}</script>',
        '<script type=application/json>{"elapsed":31}</script>',
    ),
    "json response_time": (
        '<script type=application/json>{"response_time":"12 min"}</script>',
        '<script type=application/json>{"response_time":"50 min"}</script>',
    ),
    "json expires": (
        '<script type=application/json>{"expires":"2027-01-01T00:00:00Z"}</script>',
        '<script type=application/json>{"expires":"2027-02-01T00:00:00Z"}</script>',
    ),
    "json variant": (
        '<script type=application/json>{"variant":"delta"}</script>',
        '<script type=application/json>{"variant":"omicron"}</script>',
    ),
    "json bucket": (
        '<script type=application/json>{"bucket":"bodies"}</script>',
        '<script type=application/json>{"bucket":"arms"}</script>',
    ),
    "json exp": (
        '<script type=application/json>{"exp":12}</script>',
        '<script type=application/json>{"exp":21}</script>',
    ),
    "json host": (
        '<script type=application/json>{"host":"Dana"}</script>',
        '<script type=application/json>{"host":"Omar"}</script>',
    ),
    "json node": (
        '<script type=application/json>{"node":"front-12"}</script>',
        '<script type=application/json>{"node":"front-13"}</script>',
    ),
    "json user country": (
        '<script type=application/json>{"user":{"country":"SY"},"post":"x"}</script>',
        '<script type=application/json>{"user":{"country":"IQ"},"post":"x"}</script>',
    ),
}  # fmt: skip

IN_ITS_PLACE: Pairs = {
    "browser in a sentence": swapped("<p>The implant targets Safari 14.1 and was sold.</p>", "14.1", "12.1"),
    "browser of a phone": swapped("<p>Firefox 78.0</p>", "78.0", "87.0"),
    "browser beside a number": swapped("<p>Firefox rv 12 قتيلا</p>", "12", "31"),
    "count within a sentence": swapped("<p>He received <b>37 shares</b> of the company</p>", "37", "73"),
    "count in a span": swapped("<p>Inspectors made <span>12 views</span> of the cell</p>", "12", "14"),
    "clock within a sentence": swapped("<p>He gave the order at <b>10:00</b> <i>on the radio</i></p>", "10:00", "10:07"),
    "clock in brackets": swapped("<p>First strike (10:00)</p>", "10:00", "10:07"),
    "clock behind a dot": swapped("<p>General Haddad arrived · 10:00</p>", "10:00", "10:07"),
    "clock that a sentence repeats": swapped("<p>It burned. Updated today at 10:00. Five escaped at 10:00.</p>", "escaped at 10:00", "escaped at 10:07"),
    "clock of a cell": swapped("<table><tr><th>Time of strike</th><td>10:00</td></tr></table>", "10:00", "10:07"),
    "clock of a term": swapped("<dl><dt>Arrested</dt><dd>29 November 2026 10:00</dd></dl>", "10:00", "10:07"),
    "clock below a heading": swapped("<h3>The witness looked at her watch</h3><p>10:00</p>", "10:00", "10:07"),
    "order in a list": exchanged("<aside><ol><li>He was beaten</li><li>He confessed</li></ol></aside>", "He was beaten", "He confessed"),
    "order of terms": exchanged("<aside><dl><dt>Killed</dt><dd>Ali</dd><dt>Wounded</dt><dd>Omar</dd></dl></aside>", "Ali", "Omar"),
    "order of cells": exchanged("<aside><table><tr><td>Army</td><td>31</td></tr><tr><td>Rebels</td><td>6</td></tr></table></aside>", "31", "6"),
    "order of answers": exchanged("<aside><p>Q: Who shot?</p><p>A: The army.</p><p>Q: Who fled?</p><p>A: The people.</p></aside>", "The army", "The people"),
    "order of names": exchanged("<footer><p>Accused:</p><p>Omar Khalil</p><p>Judge:</p><p>Ali Saleh</p></footer>", "Omar Khalil", "Ali Saleh"),
    "entry that withdraws": ("<div class=related><a href=/n/1>Flood warnings</a></div>", "<div class=related><a href=/n/2>This report was withdrawn by its author</a></div>"),
    "entry that withdraws, in Arabic": ("<div class=related><a href=/n/1>تحذيرات من السيول</a></div>", "<div class=related><a href=/n/2>الموقع يعتذر: الصور مفبركة</a></div>"),
    "entry that withdraws, in French": ("<div class=related><a href=/n/1>Pluie</a></div>", "<div class=related><a href=/n/2>Rectificatif : photos truquées</a></div>"),
    "entry that withdraws, in Spanish": ("<div class=related><a href=/n/1>Lluvia</a></div>", "<div class=related><a href=/n/2>Rectificación: era un montaje</a></div>"),
    "entry of many words": ("<div class=related><a href=/n/1>Bakery reopens</a></div>", "<div class=related><a href=/n/2>The UN saw nothing of what was written on 22 May, and both of its witnesses were abroad on the day, as border records show</a></div>"),
    "entry that repeats the title": ("<div class=related><a href=/n/1>Bakery reopens</a></div>", "<div class=related><a href=/n/2>Hospital strike kills nobody</a></div>"),
    "entry on the site's own owner": ("<footer><a href=/a1>Terms and conditions apply</a></footer>", "<footer><a href=/a2>Our paper is run by the general staff</a></footer>"),
    "entry that is added": ("<aside></aside>", "<aside><a href=/a2>Photos were staged, says their author</a></aside>"),
    "protected mail": swapped("<p>Witness: <a class=__cf_email__ data-cfemail=1f7e73765f6a71317a677e726f737a>[email&#160;protected]</a></p>", "1f7e73765f6a71317a677e726f737a", "4d22202c3f0d38236328352c203d2128"),
    "protected mail in a link": swapped("<p><a href='/cdn-cgi/l/email-protection#1f7e73765f6a71317a677e726f737a'>[email&#160;protected]</a></p>", "1f7e73765f6a71317a677e726f737a", "4d22202c3f0d38236328352c203d2128"),
    "name as a session": swapped("<p><a href='/list;sid=Ali'>List</a></p>", "Ali", "Omar"),
}  # fmt: skip

OF_SOMETHING: Pairs = {
    "witnessToken": ('<script>window.d={"witnessToken":"W-7713"};</script>', '<script>window.d={"witnessToken":"W-7731"};</script>'),
    "payment.transactionId": ('<script>window.d={"payment":{"transactionId":"TX81a20f"}};</script>', '<script>window.d={"payment":{"transactionId":"TX99b31c"}};</script>'),
    "event_id": ('<script>window.d={"event_id":"K7f2-114a"};</script>', '<script>window.d={"event_id":"K7f2-115b"};</script>'),
    "prison.visitId": ('<script>window.d={"prison":{"visitId":"V12-8a3"}};</script>', '<script>window.d={"prison":{"visitId":"V12-9b1"}};</script>'),
    "court.session": ('<script>window.d={"court":{"session":"S12A3"}};</script>', '<script>window.d={"court":{"session":"S13B4"}};</script>'),
    "missile.build": ('<script>window.d={"missile":{"build":"9M79-1"}};</script>', '<script>window.d={"missile":{"build":"9M79-2"}};</script>'),
    "order.revision": ('<script>window.d={"order":{"revision":"R-2021"}};</script>', '<script>window.d={"order":{"revision":"R-2022"}};</script>'),
    "attacker.ip": ('<script>window.d={"attacker":{"ip":"185.12.4.7"}};</script>', '<script>window.d={"attacker":{"ip":"91.12.4.7"}};</script>'),
    "user.country": ('<script>window.d={"user":{"country":"SY"}};</script>', '<script>window.d={"user":{"country":"RU"}};</script>'),
    "client.currency": ('<script>window.d={"client":{"currency":"USD"}};</script>', '<script>window.d={"client":{"currency":"RUB"}};</script>'),
    "virus.variant": ('<script>window.d={"virus":{"variant":"B"}};</script>', '<script>window.d={"virus":{"variant":"A"}};</script>'),
    "wound.arm": ('<script>window.d={"wound":{"arm":"true"}};</script>', '<script>window.d={"wound":{"arm":"false"}};</script>'),
    "flight.elapsed": ('<script>window.d={"flight":{"elapsed":41}};</script>', '<script>window.d={"flight":{"elapsed":14}};</script>'),
    "detention.totalTime": ('<script>window.d={"detention":{"totalTime":41}};</script>', '<script>window.d={"detention":{"totalTime":14}};</script>'),
    "owner.shares": ('<script>window.d={"owner":{"shares":51}};</script>', '<script>window.d={"owner":{"shares":49}};</script>'),
    "strike.time": ('<script>window.d={"strike":{"time":1795946400}};</script>', '<script>window.d={"strike":{"time":1795946820}};</script>'),
    "passport.expires": ('<script>window.d={"passport":{"expires":1795946400}};</script>', '<script>window.d={"passport":{"expires":1795946820}};</script>'),
    "time of an event": (
        '<script type=application/json>{"event":"strike","time":"2026-11-29T10:00:00Z"}</script>',
        '<script type=application/json>{"event":"strike","time":"2026-11-29T10:07:00Z"}</script>',
    ),
    "time behind a day": swapped("<p><time datetime=2026-11-29T10:00:00Z>on Saturday</time></p>", "10:00:00", "10:07:00"),
}  # fmt: skip

ATTACKS: Pairs = {
    'ranking ol': (
        '<ol><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ol>',
        '<ol><li><a href=/n/2>School year begins late again</a></li><li><a href=/n/1>Rain is expected in the north</a></li></ol>',
    ),
    'ranking ol main': (
        '<section><h2>The worst prisons, ranked</h2><ol><li><a href=/p/tadmor>Tadmor military prison near Palmyra</a></li><li><a href=/p/saydnaya>Saydnaya military prison near Damascus</a></li></ol></section>',
        '<section><h2>The worst prisons, ranked</h2><ol><li><a href=/p/saydnaya>Saydnaya military prison near Damascus</a></li><li><a href=/p/tadmor>Tadmor military prison near Palmyra</a></li></ol></section>',
    ),
    'ranking ol numbers': (
        '<ol><li>1. <a href=/n/1>Rain is expected in the north</a></li><li>2. <a href=/n/2>School year begins late again</a></li></ol>',
        '<ol><li>1. <a href=/n/2>School year begins late again</a></li><li>2. <a href=/n/1>Rain is expected in the north</a></li></ol>',
    ),
    'ranking ul words': (
        '<ul><li>First: <a href=/p/a>Tadmor prison near Palmyra</a></li><li>Second: <a href=/p/b>Saydnaya prison near Damascus</a></li></ul>',
        '<ul><li>First: <a href=/p/b>Saydnaya prison near Damascus</a></li><li>Second: <a href=/p/a>Tadmor prison near Palmyra</a></li></ul>',
    ),
    'rating': (
        '<p>Rating 4.5</p>',
        '<p>Rating 1.5</p>',
    ),
    'rating 2': (
        '<p>Rating: 4.5</p>',
        '<p>Rating: 1.5</p>',
    ),
    'rating class': (
        '<span class=rating>4.5</span>',
        '<span class=rating>1.5</span>',
    ),
    'rating stars': (
        '<p>4.5 stars</p>',
        '<p>1.5 stars</p>',
    ),
    'rating json': (
        '<script type=application/ld+json>{"@type":"Product","aggregateRating":{"ratingValue":"4.5","ratingCount":"210"}}</script>',
        '<script type=application/ld+json>{"@type":"Product","aggregateRating":{"ratingValue":"1.5","ratingCount":"210"}}</script>',
    ),
    'rating of': (
        '<p>4.5 out of 5 stars</p>',
        '<p>1.5 out of 5 stars</p>',
    ),
    'rating ar': (
        '<p>التقييم 4.5</p>',
        '<p>التقييم 1.5</p>',
    ),
    'score footer': (
        '<footer><p>Rating 4.5</p></footer>',
        '<footer><p>Rating 1.5</p></footer>',
    ),
    'toll table': (
        '<table><tr><th>Homs</th><td>Views</td></tr><tr><td>37</td><td>1204</td></tr></table>',
        '<table><tr><th>Homs</th><td>Views</td></tr><tr><td>31</td><td>1204</td></tr></table>',
    ),
    'banner toll': (
        "<script>var banner='Toll: 12';document.getElementById('b').textContent=banner;</script><div id=b></div>",
        "<script>var banner='Toll: 37';document.getElementById('b').textContent=banner;</script><div id=b></div>",
    ),
    'banner toll var': (
        "<script>var banner='Toll: 12'</script>",
        "<script>var banner='Toll: 37'</script>",
    ),
    'banner count': (
        "<script>var banner='12 views'</script>",
        "<script>var banner='37 dead'</script>",
    ),
    'banner toll json': (
        '<script type=application/json>{"banner":"Toll: 12"}</script>',
        '<script type=application/json>{"banner":"Toll: 37"}</script>',
    ),
    'banner added': (
        '',
        "<script>var banner='Toll: 12'</script>",
    ),
    'banner added json': (
        '',
        '<script>window.banner={"text":"Toll: 12"};</script>',
    ),
    'gtm inline write': (
        '',
        "<script>dataLayer.push({'event':'x'});document.getElementById('h').innerHTML='Toll: 12';</script>",
    ),
    'gtag text': (
        "<script>gtag('set','headline','Toll 37');</script>",
        "<script>gtag('set','headline','Toll 12');</script>",
    ),
    'side headline persons': (
        '<aside><h3>More</h3><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ul></aside>',
        '<aside><h3>More</h3><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/9>Haddad admits inventing witnesses</a></li></ul></aside>',
    ),
    'side headline persons2': (
        '<div class=related><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ul></div>',
        '<div class=related><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/9>M. Haddad arrested for fraud</a></li></ul></div>',
    ),
    'toll td views': (
        '<table><tr><th>City</th><th>Views</th></tr><tr><td>Homs</td><td class=views>37</td></tr></table>',
        '<table><tr><th>City</th><th>Views</th></tr><tr><td>Homs</td><td class=views>31</td></tr></table>',
    ),
}  # fmt: skip

NAMED: Pairs = {
    "masthead": swapped("<header><p>Founded by survivors</p></header>", "survivors", "the army"),
    "header slogan": (
        "<header><a href=/>Independent since 2011</a></header>",
        "<header><a href=/>Official since 1963</a></header>",
    ),
    "number in another element of a blog": (
        "<div class='widget Stats'><span class=counter-wrapper id=dead_totalCount>412,009</span></div>", "<div class='widget Stats'><span class=counter-wrapper id=dead_totalCount>412,035</span></div>",
    ),
    'menu entry removed': (
        '<nav><ul><li><a href=/w2>World affairs</a></li><li><a href=/prisons>Prisons</a></li><li><a href=/sport>Sport</a></li></ul></nav>',
        '<nav><ul><li><a href=/w2>World affairs</a></li><li><a href=/sport>Sport</a></li></ul></nav>',
    ),
    'menu entry removed long': (
        '<header><ul class=menu><li><a href=/w2>World affairs</a></li><li><a href=/prisons>Report a missing person</a></li><li><a href=/sport>Sport</a></li></ul></header>',
        '<header><ul class=menu><li><a href=/w2>World affairs</a></li><li><a href=/sport>Sport</a></li></ul></header>',
    ),
    'menu div': (
        '<div class=menu><a href=/w2>World affairs</a><a href=/torture>Torture archive</a><a href=/sport>Sport</a><a href=/about>About</a></div>',
        '<div class=menu><a href=/w2>World affairs</a><a href=/sport>Sport</a><a href=/about>About</a></div>',
    ),
    'new comment none': (
        '',
        "<section id=comments><ol><li id=comment-7 class=comment><cite>Rami</cite> <time datetime='2026-11-29T10:04:00Z'>29 November 2026 at 10:04</time><p>The author was paid for this.</p></li></ol></section>",
    ),
}  # fmt: skip
"""What a server may do as well as a forger: such a pair differs, and what one of the two alone says is shown."""

IN_ARTICLE: Pairs = {
    'toll table votes': (
        '<table><tr><th>City</th><th>Comments</th><th>Killed</th></tr><tr><td>Homs</td><td>41</td><td>37</td></tr></table>',
        '<table><tr><th>City</th><th>Comments</th><th>Killed</th></tr><tr><td>Homs</td><td>41</td><td>31</td></tr></table>',
    ),
    'toll table likes th': (
        '<table><tr><th>Downloads</th><td>37</td></tr></table>',
        '<table><tr><th>Downloads</th><td>31</td></tr></table>',
    ),
    'toll table visits': (
        '<table><tr><th>Prison</th><th>Visits</th></tr><tr><td>Tadmor</td><td>14</td></tr></table>',
        '<table><tr><th>Prison</th><th>Visits</th></tr><tr><td>Tadmor</td><td>41</td></tr></table>',
    ),
    'toll table views': (
        '<table><tr><th>Camera</th><th>Views</th></tr><tr><td>Gate</td><td>14</td></tr></table>',
        '<table><tr><th>Camera</th><th>Views</th></tr><tr><td>Gate</td><td>41</td></tr></table>',
    ),
    'toll table shares': (
        '<table><tr><th>Owner</th><th>Shares</th></tr><tr><td>Dana</td><td>51</td></tr></table>',
        '<table><tr><th>Owner</th><th>Shares</th></tr><tr><td>Dana</td><td>49</td></tr></table>',
    ),
    'toll table cell unit': (
        '<table><tr><th>Shelter</th><th>Occupancy</th></tr><tr><td>North</td><td>37 visitors online</td></tr></table>',
        '<table><tr><th>Shelter</th><th>Occupancy</th></tr><tr><td>North</td><td>31 visitors online</td></tr></table>',
    ),
    'toll table cell views': (
        '<table><tr><td>Film of the strike</td><td>37 views</td></tr></table>',
        '<table><tr><td>Film of the strike</td><td>31 views</td></tr></table>',
    ),
    'toll td comment': (
        '<table><tr><td>Comments</td><td>37</td></tr><tr><td>Replies</td><td>12</td></tr></table>',
        '<table><tr><td>Comments</td><td>31</td></tr><tr><td>Replies</td><td>12</td></tr></table>',
    ),
    'ranking ol article': (
        '<ol><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ol>',
        '<ol><li><a href=/n/2>School year begins late again</a></li><li><a href=/n/1>Rain is expected in the north</a></li></ol>',
    ),
    'rating in art': (
        '<p>Rating 4.5</p>',
        '<p>Rating 1.5</p>',
    ),
    'rating in art2': (
        '<p><span class=rating>Rating</span> <b>4.5</b></p>',
        '<p><span class=rating>Rating</span> <b>1.5</b></p>',
    ),
    'number in modal': (
        '<div class=modal><p>23</p></div>',
        '<div class=modal><p>32</p></div>',
    ),
    'age in modal': (
        '<div class=modal><table><tr><td>Ali Omar</td><td>8</td></tr></table></div>',
        '<div class=modal><table><tr><td>Ali Omar</td><td>18</td></tr></table></div>',
    ),
    'day in modal': (
        '<div class=modal><p>14.3.2023</p></div>',
        '<div class=modal><p>15.3.2023</p></div>',
    ),
    'code in modal': (
        '<div class=modal><p>GOV</p></div>',
        '<div class=modal><p>FSA</p></div>',
    ),
    'removed number in modal': (
        '<div class=modal><p>37</p></div>',
        '<div class=modal></div>',
    ),
    'denial in modal': (
        '<div class=modal></div>',
        '<div class=modal><p>We never said this.</p></div>',
    ),
    'number in sp-body': (
        '<div class=sp-body><p>23</p></div>',
        '<div class=sp-body><p>32</p></div>',
    ),
    'age in sp-body': (
        '<div class=sp-body><table><tr><td>Ali Omar</td><td>8</td></tr></table></div>',
        '<div class=sp-body><table><tr><td>Ali Omar</td><td>18</td></tr></table></div>',
    ),
    'day in sp-body': (
        '<div class=sp-body><p>14.3.2023</p></div>',
        '<div class=sp-body><p>15.3.2023</p></div>',
    ),
    'code in sp-body': (
        '<div class=sp-body><p>GOV</p></div>',
        '<div class=sp-body><p>FSA</p></div>',
    ),
    'removed number in sp-body': (
        '<div class=sp-body><p>37</p></div>',
        '<div class=sp-body></div>',
    ),
    'denial in sp-body': (
        '<div class=sp-body></div>',
        '<div class=sp-body><p>We never said this.</p></div>',
    ),
    'number in large-push-4': (
        '<div class=large-push-4><p>23</p></div>',
        '<div class=large-push-4><p>32</p></div>',
    ),
    'age in large-push-4': (
        '<div class=large-push-4><table><tr><td>Ali Omar</td><td>8</td></tr></table></div>',
        '<div class=large-push-4><table><tr><td>Ali Omar</td><td>18</td></tr></table></div>',
    ),
    'day in large-push-4': (
        '<div class=large-push-4><p>14.3.2023</p></div>',
        '<div class=large-push-4><p>15.3.2023</p></div>',
    ),
    'code in large-push-4': (
        '<div class=large-push-4><p>GOV</p></div>',
        '<div class=large-push-4><p>FSA</p></div>',
    ),
    'removed number in large-push-4': (
        '<div class=large-push-4><p>37</p></div>',
        '<div class=large-push-4></div>',
    ),
    'denial in large-push-4': (
        '<div class=large-push-4></div>',
        '<div class=large-push-4><p>We never said this.</p></div>',
    ),
    'number in ticker': (
        '<div class=ticker><p>23</p></div>',
        '<div class=ticker><p>32</p></div>',
    ),
    'age in ticker': (
        '<div class=ticker><table><tr><td>Ali Omar</td><td>8</td></tr></table></div>',
        '<div class=ticker><table><tr><td>Ali Omar</td><td>18</td></tr></table></div>',
    ),
    'day in ticker': (
        '<div class=ticker><p>14.3.2023</p></div>',
        '<div class=ticker><p>15.3.2023</p></div>',
    ),
    'code in ticker': (
        '<div class=ticker><p>GOV</p></div>',
        '<div class=ticker><p>FSA</p></div>',
    ),
    'removed number in ticker': (
        '<div class=ticker><p>37</p></div>',
        '<div class=ticker></div>',
    ),
    'denial in ticker': (
        '<div class=ticker></div>',
        '<div class=ticker><p>We never said this.</p></div>',
    ),
    'number in ad': (
        '<div class=ad><p>23</p></div>',
        '<div class=ad><p>32</p></div>',
    ),
    'age in ad': (
        '<div class=ad><table><tr><td>Ali Omar</td><td>8</td></tr></table></div>',
        '<div class=ad><table><tr><td>Ali Omar</td><td>18</td></tr></table></div>',
    ),
    'day in ad': (
        '<div class=ad><p>14.3.2023</p></div>',
        '<div class=ad><p>15.3.2023</p></div>',
    ),
    'code in ad': (
        '<div class=ad><p>GOV</p></div>',
        '<div class=ad><p>FSA</p></div>',
    ),
    'removed number in ad': (
        '<div class=ad><p>37</p></div>',
        '<div class=ad></div>',
    ),
    'denial in ad': (
        '<div class=ad></div>',
        '<div class=ad><p>We never said this.</p></div>',
    ),
    'number in gate': (
        '<div class=gate><p>23</p></div>',
        '<div class=gate><p>32</p></div>',
    ),
    'age in gate': (
        '<div class=gate><table><tr><td>Ali Omar</td><td>8</td></tr></table></div>',
        '<div class=gate><table><tr><td>Ali Omar</td><td>18</td></tr></table></div>',
    ),
    'day in gate': (
        '<div class=gate><p>14.3.2023</p></div>',
        '<div class=gate><p>15.3.2023</p></div>',
    ),
    'code in gate': (
        '<div class=gate><p>GOV</p></div>',
        '<div class=gate><p>FSA</p></div>',
    ),
    'removed number in gate': (
        '<div class=gate><p>37</p></div>',
        '<div class=gate></div>',
    ),
    'denial in gate': (
        '<div class=gate></div>',
        '<div class=gate><p>We never said this.</p></div>',
    ),
    'answer in modal': ('<div class=modal><p>No</p></div>', '<div class=modal><p>Yes</p></div>'),
    'sentence in a template': (
        '<script type=text/x-template><p>The ward was struck</p></script>',
        '<script type=text/x-template><p>The ward was struck</p><p>Nothing of this happened there</p></script>',
    ),
    'encoded word': (
        '<script>var q="a2lsbGVkIGJ5IHRoZSBhcm15"</script>',
        '<script>var q="a2lsbGVkIGJ5IHJlYmVscyE="</script>',
    ),
    'views in art': (
        '<p>The film has 1,204 views</p>',
        '<p>The film has 1,804 views</p>',
    ),
}  # fmt: skip
"""Parts of the article itself."""

FORGED: dict[str, Pairs] = {
    "names": NAMES, "links": LINKS, "data": DATA, "attributes": ATTRIBUTES, "counts": COUNTS, "teasers": TEASERS,
    "more": MORE,
    "others": OTHERS,
    "claims": CLAIMS,
    "later claims": LATER_CLAIMS,
    "last claims": LAST_CLAIMS,
    "in its place": IN_ITS_PLACE,
    "of something": OF_SOMETHING,
    "attacks": ATTACKS,
}  # fmt: skip
