"""What one honest server sends two readers seven minutes apart, each change alone: no pair contradicts.

Each entry is what stands below the article of `news_page` for the one and for the other.
"""

from __future__ import annotations

Pairs = dict[str, tuple[str, str]]

COUNTERS: Pairs = {
    "views and age in one line": ("<div><span>1,204 views</span> · <span>3 hours ago</span></div>", "<div><span>1,377 views</span> · <span>3 hours ago</span></div>"),
    "views and age run together": ("<div><span>1,204 views</span><span>3 minutes ago</span></div>", "<div><span>1,377 views</span><span>10 minutes ago</span></div>"),
    "views and age behind a name": (
        "<div><a href=/c/1>Channel Four</a><span>1.2K views</span><span>58 minutes ago</span></div>",
        "<div><a href=/c/1>Channel Four</a><span>1.3K views</span><span>1 hour ago</span></div>",
    ),
    "telegram": (
        "<div class=tgme_widget_message_info><span class=tgme_widget_message_views>12.4K</span><span> views </span><a href=/s/1><time datetime='2026-11-29T08:00:00Z'>08:00</time></a></div>",
        "<div class=tgme_widget_message_info><span class=tgme_widget_message_views>12.9K</span><span> views </span><a href=/s/1><time datetime='2026-11-29T08:00:00Z'>08:00</time></a></div>",
    ),
    "telegram without white space": (
        "<div><span class=tgme_widget_message_views>12.4K</span><a href=/s/1><time datetime='2026-11-29T08:00:00Z'>08:00</time></a></div>",
        "<div><span class=tgme_widget_message_views>12.9K</span><a href=/s/1><time datetime='2026-11-29T08:00:00Z'>08:00</time></a></div>",
    ),
    "aria label": ("<button aria-label='Like (130)'>Like</button>", "<button aria-label='Like (139)'>Like</button>"),
    "aria label in a sentence": (
        "<a href=/p/1 aria-label='12 replies, 45 reposts, 130 likes, 2,301 views'>More</a>", "<a href=/p/1 aria-label='13 replies, 45 reposts, 139 likes, 2,377 views'>More</a>",
    ),
    "aria label of people": ("<span aria-label='130 people like this'></span>", "<span aria-label='139 people like this'></span>"),
    "aria label within the article": (
        "<article><div role=img aria-label='1,204 views. View post analytics'></div></article>", "<article><div role=img aria-label='1,209 views. View post analytics'></div></article>",
    ),
    "french with spaces": ("<p>1 204 vues</p>", "<p>1 318 vues</p>"),
    "french narrow space": ("<p>1\u202f204 vues</p>", "<p>1\u202f318 vues</p>"),
    "french shares": ("<p>45 partages</p>", "<p>47 partages</p>"),
    "french all": ("<p>45 partages · 12 commentaires · 1 204 vues</p>", "<p>47 partages · 13 commentaires · 1 318 vues</p>"),
    "french thousands": ("<p>1,2 k vues</p>", "<p>1,3 k vues</p>"),
    "translated": ("<p>1,204 views</p>", "<p>1,204 vues</p>"),
    "translated and regrouped": ("<p>1,204 views</p>", "<p>1 318 vues</p>"),
    "translated to Arabic": ("<p>1,204 views</p>", "<p>١٬٣١٨ مشاهدة</p>"),
    "translated to Spanish": ("<p>1.204 vistas</p>", "<p>1,318 views</p>"),
    "likes translated": ("<p>12 likes</p>", "<p>13 J’aime</p>"),
    "abbreviated and whole": ("<p>1.2K views</p>", "<p>1,204 views</p>"),
    "subscribers": ("<p>4.21M subscribers</p>", "<p>4.22M subscribers</p>"),
    "abonnés": ("<p>4,21 M d’abonnés</p>", "<p>4,22 M d’abonnés</p>"),
    "followers in Arabic": ("<p>12 ألف متابع</p>", "<p>13 ألف متابع</p>"),
    "Arabic label first": ("<p>المشاهدات: 1204</p>", "<p>المشاهدات: 1318</p>"),
    "Spanish": ("<p>3 mil visualizaciones</p>", "<p>3,1 mil visualizaciones</p>"),
    "Spanish shares": ("<p>12 comentarios 4 veces compartido</p>", "<p>13 comentarios 5 veces compartido</p>"),
    "first comment": ("<p>0 comments</p>", "<p>1 comment</p>"),
    "none yet": ("<p>No comments</p>", "<p>1 comment</p>"),
    "plus sign": ("<span class=shares>12+</span>", "<span class=shares>15+</span>"),
    "hits by its class": ("<dd class=hits>Hits: 1204</dd>", "<dd class=hits>Hits: 1209</dd>"),
    "visitors in the footer": ("<footer><p>Visitors today: 1,204</p></footer>", "<footer><p>Visitors today: 1,301</p></footer>"),
    "watching": ("<p>1,204 watching now</p>", "<p>1,188 watching now</p>"),
    "downloads": ("<p>Downloads: 312</p>", "<p>Downloads: 313</p>"),
    "retweets": ("<p>45 Retweets 12 Quote Tweets 130 Likes</p>", "<p>46 Retweets 12 Quote Tweets 139 Likes</p>"),
    "reactions of facebook": ("<div><span>1.2K</span><span>45 comments</span><span>12 shares</span></div>", "<div><span>1.2K</span><span>47 comments</span><span>12 shares</span></div>"),
    "poll": (
        "<div class=poll><p>Do you agree? </p><span>Yes 45%</span> <span>No 55%</span><p>1,204 votes</p></div>",
        "<div class=poll><p>Do you agree? </p><span>Yes 46%</span> <span>No 54%</span><p>1,230 votes</p></div>",
    ),
    "poll with bars": (
        "<div class=poll-results><i style='width:45%'></i>45%<i style='width:55%'></i>55%<p>1,204 votes</p></div>",
        "<div class=poll-results><i style='width:46%'></i>46%<i style='width:54%'></i>54%<p>1,230 votes</p></div>",
    ),
    "rating in linked data": (
        '<script type="application/ld+json">{"aggregateRating":{"ratingValue":"4.3","ratingCount":"120"}}</script>',
        '<script type="application/ld+json">{"aggregateRating":{"ratingValue":"4.4","ratingCount":"121"}}</script>',
    ),
    "statistics in json": (
        '<script type=application/json>{"post":{"likeCount":12,"commentCount":3,"share_count":4,"stats":{"views":1204}}}</script>',
        '<script type=application/json>{"post":{"likeCount":13,"commentCount":3,"share_count":5,"stats":{"views":1299}}}</script>',
    ),
    "views in an attribute": ("<div data-views=1204 data-like-count=12></div>", "<div data-views=1209 data-like-count=13></div>"),
    "seen": ("<p>Seen by 1,204</p>", "<p>Seen by 1,301</p>"),
    "reading": ("<p>43 people are reading this</p>", "<p>57 people are reading this</p>"),
    "interaction of microdata": (
        "<meta itemprop=interactionCount content='UserPlays:1204'>", "<meta itemprop=interactionCount content='UserPlays:1318'>",
    ),
}  # fmt: skip

TIMES: Pairs = {
    "live": ("<p>LIVE Last updated 12:00</p>", "<p>LIVE Last updated 12:07</p>"),
    "live with a zone": ("<p>Live · Last updated at 10:00 GMT</p>", "<p>Live · Last updated at 10:07 GMT</p>"),
    "live age": ("<p>LIVE Updated 2 minutes ago</p>", "<p>LIVE Updated just now</p>"),
    "French": ("<p>Mis à jour à 11h00</p>", "<p>Mis à jour à 11h07</p>"),
    "French live": ("<p>En direct · Dernière mise à jour il y a 3 minutes</p>", "<p>En direct · Dernière mise à jour il y a 10 minutes</p>"),
    "Spanish": ("<p>Actualizado hace 3 minutos</p>", "<p>Actualizado hace 10 minutos</p>"),
    "translated age": ("<p>3 hours ago</p>", "<p>il y a 3 heures</p>"),
    "age in an attribute": ("<span title='3 minutes ago'>Posted</span>", "<span title='10 minutes ago'>Posted</span>"),
    "time of rendering": ('<script type=application/json>{"renderedAt":"2026-11-29T10:00:01Z"}</script>', '<script type=application/json>{"renderedAt":"2026-11-29T10:07:01Z"}</script>'),
    "time in an attribute": ("<body data-now=1795946400>", "<body data-now=1795946820>"),
    "expiry": ('<script type=application/json>{"tokenExpires":1795950000}</script>', '<script type=application/json>{"tokenExpires":1795950420}</script>'),
    "server time in a script": ("<script>var serverTime = 1795946400;</script>", "<script>var serverTime = 1795946820;</script>"),
    "byline with an age": ("<p>By Omar Saleh, posted 3 minutes ago</p>", "<p>By Omar Saleh, posted 10 minutes ago</p>"),
    "clock and weekday": ("<div>Sunday, November 29, 2026 10:00 AM</div>", "<div>Sunday, November 29, 2026 10:07 AM</div>"),
    "abbreviated age": ("<a href=/p/1>3m</a>", "<a href=/p/1>10m</a>"),
}  # fmt: skip

DELIVERY: Pairs = {
    "hashed style sheet": ("<link rel=stylesheet href=/_next/static/css/1a2b3c4d5e6f.css>", "<link rel=stylesheet href=/_next/static/css/9f8e7d6c5b4a.css>"),
    "hash behind the name": ("<link rel=stylesheet href=/assets/app.1a2b3c4d.css>", "<link rel=stylesheet href=/assets/app.9f8e7d6c.css>"),
    "hash of letters and digits": ("<link rel=stylesheet href=/assets/index-DiwrgTda.css>", "<link rel=stylesheet href=/assets/index-BkXy92Qs.css>"),
    "combined sheets": ("<link rel=stylesheet href='/wp-content/cache/min/1/abc123def456.css'>", "<link rel=stylesheet href='/wp-content/cache/min/1/77ab00c1ff99.css'>"),
    "version of a style sheet": ("<link rel=stylesheet href='/s.css?ver=6.4.1'>", "<link rel=stylesheet href='/s.css?ver=6.4.2'>"),
    "hashed script": ("<script src=/static/js/main.1a2b3c4d.js></script>", "<script src=/static/js/main.9f8e7d6c.js></script>"),
    "background shard": (
        "<div style=\"background-image:url('https://img1.cdn.example/a.jpg')\"></div>", "<div style=\"background-image:url('https://img2.cdn.example/a.jpg')\"></div>",
    ),
    "background shard of letters": (
        "<div style='background:url(https://scontent-cdg2-1.fbcdn.example/a.jpg?oh=1)'></div>", "<div style='background:url(https://scontent-ams4-1.fbcdn.example/a.jpg?oh=2)'></div>",
    ),
    "background shard in a sheet": (
        "<style>.hero{background-image:url(//c1.cdn.example/a.jpg)}</style>", "<style>.hero{background-image:url(//c3.cdn.example/a.jpg)}</style>",
    ),
    "telegram shard": (
        "<i style=\"background-image:url('https://cdn4.telesco.example/file/abc123.jpg')\"></i>", "<i style=\"background-image:url('https://cdn5.telesco.example/file/abc123.jpg')\"></i>",
    ),
    "srcset added": ("<img src=/p/x.jpg alt=Street>", "<img src=/p/x.jpg srcset='/p/x-320.jpg 320w, /p/x-800.jpg 800w' alt=Street>"),
    "srcset by size": ("<img src=/p/x.jpg>", "<img src=/p/x.jpg srcset='/p/x-300x200.jpg 300w, /p/x-1024x683.jpg 1024w' sizes=100vw>"),
    "srcset by density": ("<img src=/p/x.png>", "<img src=/p/x.png srcset='/p/x@2x.png 2x'>"),
    "srcset by query": ("<img src='/p/x.jpg?w=640'>", "<img src='/p/x.jpg?w=640' srcset='/p/x.jpg?w=1280 2x'>"),
    "picture added": ("<img src=/p/x.jpg>", "<picture><source type=image/webp srcset=/p/x.webp><img src=/p/x.jpg></picture>"),
    "picture with sizes": (
        "<picture><img src=/p/x.jpg></picture>",
        "<picture><source media='(min-width:800px)' srcset='/p/x-1200x800.webp 1200w'><source srcset=/p/x-600x400.jpg><img src=/p/x.jpg></picture>",
    ),
    "other size": ("<img src='/p/x-640x480.jpg'>", "<img src='/p/x-320x240.jpg'>"),
    "resizing service": ("<img src='https://img.example/resize/640x/p/x.jpg'>", "<img src='https://img.example/resize/320x/p/x.jpg'>"),
    "lazy": ("<img src=/p/x.jpg>", "<img data-src=/p/x.jpg loading=lazy>"),
    "signed picture": ("<img src='/p/x.jpg?token=8f3a9c2e11aabbcc&expires=1795950000'>", "<img src='/p/x.jpg?token=77ab00c1ff99ddee&expires=1795950420'>"),
    "classes of a build": ("<div class='css-1q2w3e _3kd8s'>Text</div>", "<div class='css-9o8i7u _9dk2a'>Text</div>"),
    "ids of a build": ("<div id=react-aria-1-:r1:>Text</div>", "<div id=react-aria-9-:r7:>Text</div>"),
    "aria by id": ("<p id=d1>Text</p><a href=/x aria-describedby=d1>More</a>", "<p id=d7>Text</p><a href=/x aria-describedby=d7>More</a>"),
    "nonce of a style": ("<style nonce=abc1>p{margin:0}</style>", "<style nonce=def2>p{margin:0}</style>"),
    "integrity": ("<script src=/a.js integrity=sha384-aaaa></script>", "<script src=/a.js integrity=sha384-bbbb></script>"),
    "preload": ("<link rel=preload href=/f1.woff2 as=font>", "<link rel=preload href=/f2.woff2 as=font>"),
    "request id in json": ('<script type=application/json>{"requestId":"8f3a9c2e-11aa"}</script>', '<script type=application/json>{"requestId":"77ab00c1-ff99"}</script>'),
    "build in json": ('<script type=application/json>{"buildId":"k3jH2abc9X"}</script>', '<script type=application/json>{"buildId":"p8kL4zzq1Y"}</script>'),
    "session in a link": ("<a href='/a?PHPSESSID=8f3a9c2e11aabb'>More</a>", "<a href='/a?PHPSESSID=77ab00c1ff99dd'>More</a>"),
    "campaign in a link": ("<a href='/a?utm_source=x1'>More</a>", "<a href='/a?utm_source=x2'>More</a>"),
    "hidden token": ("<form><input type=hidden name=csrf_token value=8f3a9c2e></form>", "<form><input type=hidden name=csrf_token value=77ab00c1></form>"),
    "viewport": ("<meta name=viewport content='width=device-width'>", "<meta name=viewport content='width=device-width, initial-scale=1'>"),
    "csp nonce": ("<meta property=csp-nonce content=8f3a9c2e>", "<meta property=csp-nonce content=77ab00c1>"),
    "order of keys": ('<script type=application/json>{"a":"one","b":"two"}</script>', '<script type=application/json>{"b":"two","a":"one"}</script>'),
    "white space in json": ('<script type=application/json>{"a":"one"}</script>', '<script type=application/json>{ "a" : "one" }</script>'),
    "escaped json": ('<script type=application/json>{"a":"caf\\u00e9"}</script>', '<script type=application/json>{"a":"café"}</script>'),
    "protocol": ("<a href=http://www.hrw.example/report>Report</a>", "<a href=https://hrw.example/report>Report</a>"),
    "trailing tracking": ("<a href='https://t.example/a?fbclid=IwAR1'>Report</a>", "<a href='https://t.example/a?fbclid=IwAR2'>Report</a>"),
}  # fmt: skip

ADVERTISING: Pairs = {
    "googletag display": (
        "<script>googletag.cmd.push(function() { googletag.display('div-gpt-ad-1'); });</script>", "<script>googletag.cmd.push(function() { googletag.display('div-gpt-ad-2'); });</script>",
    ),
    "googletag in one": ("", "<div id=div-gpt-ad-123-0><script>googletag.display('div-gpt-ad-123-0');</script></div>"),
    "targeting": ("<script>googletag.pubads().setTargeting('pos','a1');</script>", "<script>googletag.pubads().setTargeting('pos','b2');</script>"),
    "adsense push": ("<script>(adsbygoogle = window.adsbygoogle || []).push({});</script>", ""),
    "taboola": (
        "<div id=taboola-below-article-thumbnails><a href=https://x.example/1>One trick</a></div>", "<div id=taboola-below-article-thumbnails><a href=https://y.example/2>Best cars</a></div>",
    ),
    "outbrain": (
        "<div class=OUTBRAIN data-widget-id=AR_1><a href=https://x.example/1>You will not believe</a></div>", "<div class=OUTBRAIN data-widget-id=AR_1><a href=https://y.example/2>Best cars</a></div>",
    ),
    "ad container": (
        "<div class='ad-container'><a href=https://shop.example/1><img src=https://cdn.example/1.jpg alt=Shoes></a></div>",
        "<div class='ad-container'><a href=https://other.example/2><img src=https://cdn.example/2.jpg alt=Cars></a></div>",
    ),
    "ad by its network": (
        "<a href='https://adclick.g.doubleclick.net/x?1'><img src=https://s0.2mdn.net/1.jpg></a>", "<a href='https://adclick.g.doubleclick.net/x?2'><img src=https://s0.2mdn.net/2.jpg></a>",
    ),
    "sponsored link": ("<p><a rel=sponsored href=https://shop.example/1>Shoes for all</a></p>", "<p><a rel=sponsored href=https://cars.example/2>New electric cars</a></p>"),
    "ad frame": ("<iframe id=google_ads_iframe_1 src='https://tpc.googlesyndication.com/safeframe?x=1'></iframe>", "<iframe id=google_ads_iframe_1 src='https://tpc.googlesyndication.com/safeframe?x=2'></iframe>"),
    "data layer": ("<script>dataLayer.push({'pageLoad':'a1','userType':'anonymous'});</script>", "<script>dataLayer.push({'pageLoad':'b2','userType':'anonymous'});</script>"),
}  # fmt: skip

DIALOGS: Pairs = {
    "login dialog": (
        "", "<div role=dialog class=login-modal><h2>Log in to continue</h2><form><input type=email placeholder='Email'><input type=password><button>Log in</button></form><a href=/reset>Forgot password?</a></div>",
    ),
    "facebook dialog": (
        "", "<div role=dialog><span>See more from Human Rights Centre on Facebook</span><a href=/login>Log in</a><span>or</span><a href=/reg>Create new account</a></div>",
    ),
    "consent dialog": (
        "", "<div role=dialog aria-modal=true><h2>We value your privacy</h2><p>We and our partners store and access information on a device, such as cookies.</p><button>Accept all</button><button>Reject all</button><button>Manage options</button></div>",
    ),
    "consent of a manager": ("<div id=onetrust-banner-sdk><p>By clicking accept you agree to the storing of cookies.</p><button>Accept All Cookies</button></div>", ""),
    "consent in French": (
        "", "<div class=cookie-banner><h2>Votre vie privée nous importe</h2><p>Nous et nos partenaires utilisons des cookies.</p><button>Tout accepter</button><button>Continuer sans accepter</button></div>",
    ),
    "consent in Spanish": ("", "<div id=cookie-consent><p>Utilizamos cookies propias y de terceros.</p><button>Aceptar</button><button>Rechazar</button></div>"),
    "google consent": ("", "<div class=fc-consent-root><div role=dialog><h1>news.example asks for your consent to use your personal data</h1><button>Consent</button><button>Do not consent</button></div></div>"),
    "newsletter dialog": ("<dialog open><h2>Subscribe to our newsletter</h2><input type=email placeholder='Your email'><button>Subscribe</button></dialog>", ""),
    "subscription wall": ("", "<div class=modal role=dialog><h2>Subscribe to continue reading</h2><p>Already a subscriber? Sign in</p></div>"),
    "notifications": ("", "<div class=push-prompt role=dialog><p>Get notifications about breaking news</p><button>Allow</button><button>Not now</button></div>"),
    "app prompt": ("", "<div role=dialog class=app-banner><p>Open in the app</p><a href=/app>Open</a><button>Not now</button></div>"),
}  # fmt: skip

AROUND: Pairs = {
    "ticker": ("<div class=market-ticker>FTSE 100 8,291.68 +0.16%</div>", "<div class=market-ticker>FTSE 100 8,287.30 -0.05%</div>"),
    "stocks": ("<ul class=stock-quotes><li>AAPL 231.10 <span>+1.2</span></li></ul>", "<ul class=stock-quotes><li>AAPL 231.44 <span>+1.5</span></li></ul>"),
    "oil": ("<aside class=markets><span>Brent</span> <span>$71.20</span></aside>", "<aside class=markets><span>Brent</span> <span>$71.26</span></aside>"),
    "forex": ("<div class=exchange-rates>USD/TRY 42.11</div>", "<div class=exchange-rates>USD/TRY 42.13</div>"),
    "upcoming events": (
        "<section class=upcoming-events><ul><li><a href=/e/1>Webinar on archives</a> 29 November 2026</li><li><a href=/e/2>Book fair</a> 3 December 2026</li></ul></section>",
        "<section class=upcoming-events><ul><li><a href=/e/2>Book fair</a> 3 December 2026</li><li><a href=/e/3>Film night</a> 9 December 2026</li></ul></section>",
    ),
    "events list": (
        "<div class=events><a href=/e/1><time datetime=2026-11-29>29 Nov</time> Webinar</a><a href=/e/2>Fair</a></div>", "<div class=events><a href=/e/2>Fair</a></div>",
    ),
    "trending in the navigation": ("<nav><a href=/t/1>Football cup final tonight</a><a href=/x>World</a></nav>", "<nav><a href=/t/2>Elections in five countries</a><a href=/x>World</a></nav>"),
    "teaser in a footer": ("<footer><ul><li><a href=/n/1>Rain expected in the north</a></li></ul></footer>", "<footer><ul><li><a href=/n/2>School begins next week</a></li></ul></footer>"),
    "teasers in cards": (
        "<section class='related-content'><article><a href=/n/1><h3>Rain expected</h3></a><p>Clouds gather.</p><time>2 hours ago</time></article></section>",
        "<section class='related-content'><article><a href=/n/2><h3>School begins</h3></a><p>Pupils return.</p><time>1 hour ago</time></article></section>",
    ),
    "one teaser more": ("<aside class=latest><a href=/n/1>Rain expected</a></aside>", "<aside class=latest><a href=/n/2>Bridge reopens</a><a href=/n/1>Rain expected</a></aside>"),
    "teasers with thumbnails": (
        "<aside class=most-read><a href=/n/1><img src=/t/1.jpg alt=Rain>Rain expected</a></aside>", "<aside class=most-read><a href=/n/2><img src=/t/2.jpg alt=Pupils>School begins</a></aside>",
    ),
    "related in json": (
        '<script type=application/json>{"article":{"id":5},"related":[{"url":"/n/1","title":"Rain expected"}]}</script>',
        '<script type=application/json>{"article":{"id":5},"related":[{"url":"/n/2","title":"School begins again"}]}</script>',
    ),
    "recommended in json with ids": (
        '<script type=application/json>{"recommendations":[{"id":11,"title":"Rain expected"},{"id":12,"title":"Bread"}]}</script>',
        '<script type=application/json>{"recommendations":[{"id":12,"title":"Bread"},{"id":14,"title":"School begins"}]}</script>',
    ),
    "visitor in json": ('<script type=application/json>{"visitor":{"country":"FR","currency":"EUR"}}</script>', '<script type=application/json>{"visitor":{"country":"DE","currency":"EUR"}}</script>'),
    "experiments": ('<script type=application/json>{"experiments":{"newHeader":"control"}}</script>', '<script type=application/json>{"experiments":{"newHeader":"variant1"}}</script>'),
    "analytics call": ("<script>gtag('config','G-1',{'client_id':'8f3a9c2e11aa'});</script>", "<script>gtag('config','G-1',{'client_id':'77ab00c1ff99'});</script>"),
    "matomo": ("<script>_paq.push(['setVisitorId','8f3a9c2e11aabbcc']);</script>", "<script>_paq.push(['setVisitorId','77ab00c1ff99ddee']);</script>"),
    "weather with an icon": ("<div class=weather><span>Kyiv</span> <span>4°</span></div>", "<div class=weather><span>Berlin</span> <span>9°</span></div>"),
    "labels in Arabic": ("<nav><a href=/search>Search</a><button title=Close>Close</button></nav>", "<nav><a href=/search>بحث</a><button title=إغلاق>إغلاق</button></nav>"),
    "reader's country": ("<footer><p>Your location: France</p></footer>", "<footer><p>Your location: Germany</p></footer>"),
}  # fmt: skip

SITES: Pairs = {
    "yt meta": (
        "<div id=info><span class='style-scope yt-formatted-string bold'>12,345 views</span><span class='bold'>  </span><span>3 weeks ago</span></div>",
        "<div id=info><span class='style-scope yt-formatted-string bold'>12,361 views</span><span class='bold'>  </span><span>3 weeks ago</span></div>",
    ),
    "yt likes button": (
        "<button aria-label='like this video along with 1,204 other people' title='I like this'>1.2K</button>",
        "<button aria-label='like this video along with 1,219 other people' title='I like this'>1.2K</button>",
    ),
    "yt subs": (
        "<span id=owner-sub-count aria-label='4.21 million subscribers'>4.21M subscribers</span>",
        "<span id=owner-sub-count aria-label='4.22 million subscribers'>4.22M subscribers</span>",
    ),
    "yt comments header": (
        "<h2 id=count><span>1,034</span><span> Comments</span></h2>",
        "<h2 id=count><span>1,041</span><span> Comments</span></h2>",
    ),
    "fb counts": (
        "<div><span>👍❤️ 1.2K</span> <a href='#'>312 comments</a> <a href='#'>98 shares</a></div>",
        "<div><span>👍❤️ 1.2K</span> <a href='#'>315 comments</a> <a href='#'>99 shares</a></div>",
    ),
    "x counts": (
        "<a href=/u/status/1/analytics aria-label='12345 views. View post analytics'><span>12.3K</span><span>Views</span></a>",
        "<a href=/u/status/1/analytics aria-label='12399 views. View post analytics'><span>12.4K</span><span>Views</span></a>",
    ),
    "x bookmarks": (
        "<div role=group aria-label='12 replies, 45 reposts, 130 likes, 9 bookmarks, 12345 views'></div>",
        "<div role=group aria-label='12 replies, 46 reposts, 133 likes, 9 bookmarks, 12399 views'></div>",
    ),
    "insta": (
        "<section><span>1,204 likes</span><a href=/p/x/comments/>View all 42 comments</a></section>",
        "<section><span>1,231 likes</span><a href=/p/x/comments/>View all 44 comments</a></section>",
    ),
    "tiktok": (
        "<strong data-e2e=like-count>12.3K</strong><strong data-e2e=comment-count>310</strong>",
        "<strong data-e2e=like-count>12.4K</strong><strong data-e2e=comment-count>312</strong>",
    ),
    "vk": (
        "<div class=like_views _views>12K</div><div class='like_btn like' data-count=130><div class=like_button_count>130</div></div>",
        "<div class=like_views _views>12K</div><div class='like_btn like' data-count=133><div class=like_button_count>133</div></div>",
    ),
    "forum": (
        "<dl><dt>Replies:</dt><dd>14</dd><dt>Views:</dt><dd>2,301</dd></dl>",
        "<dl><dt>Replies:</dt><dd>15</dd><dt>Views:</dt><dd>2,344</dd></dl>",
    ),
    "mediawiki footer": (
        "<footer><li id=footer-info-viewcount>This page has been accessed 12,345 times.</li></footer>",
        "<footer><li id=footer-info-viewcount>This page has been accessed 12,361 times.</li></footer>",
    ),
    "wp stats": (
        "<span class=post-views>Post Views: 1,204</span>",
        "<span class=post-views>Post Views: 1,219</span>",
    ),
    "wp ar": (
        "<span class=post-views>عدد المشاهدات: 1,204</span>",
        "<span class=post-views>عدد المشاهدات: 1,219</span>",
    ),
    "ar read": (
        "<span class=reads>قراءات: 532</span>",
        "<span class=reads>قراءات: 540</span>",
    ),
    "ar share counts": (
        "<ul class=share><li>فيسبوك <b>12</b></li><li>تويتر <b>7</b></li></ul>",
        "<ul class=share><li>فيسبوك <b>13</b></li><li>تويتر <b>7</b></li></ul>",
    ),
    "share counts": (
        "<ul class=share-buttons><li>Facebook <span class=count>12</span></li><li>Twitter <span class=count>7</span></li></ul>",
        "<ul class=share-buttons><li>Facebook <span class=count>13</span></li><li>Twitter <span class=count>9</span></li></ul>",
    ),
    "fr lecture": (
        "<p>Lu 1 204 fois</p>",
        "<p>Lu 1 219 fois</p>",
    ),
    "fr abonnes": (
        "<p>12 k abonnés</p>",
        "<p>12,1 k abonnés</p>",
    ),
    "fr jaime": (
        "<p>J'aime 12</p>",
        "<p>J'aime 15</p>",
    ),
    "es": (
        "<p>Visto 1.204 veces</p>",
        "<p>Visto 1.219 veces</p>",
    ),
    "es2": (
        "<p>1,2 mil Me gusta</p>",
        "<p>1,3 mil Me gusta</p>",
    ),
    "de": (
        "<p>1.204 Aufrufe</p>",
        "<p>1.219 Aufrufe</p>",
    ),
    "ru": (
        "<p>1 204 просмотра</p>",
        "<p>1 219 просмотров</p>",
    ),
    "uk": (
        "<p>Переглядів: 1204</p>",
        "<p>Переглядів: 1219</p>",
    ),
    "tr": (
        "<p>1.204 görüntülenme</p>",
        "<p>1.219 görüntülenme</p>",
    ),
    "fa": (
        "<p>بازدید: ۱۲۰۴</p>",
        "<p>بازدید: ۱۲۱۹</p>",
    ),
    "claps": (
        "<button>1.2K claps</button>",
        "<button>1.3K claps</button>",
    ),
    "soundcloud": (
        "<span class=sc-visuallyhidden>12,345 plays</span>",
        "<span class=sc-visuallyhidden>12,361 plays</span>",
    ),
    "scholar": (
        "<a href=/cites>Cited by 310</a>",
        "<a href=/cites>Cited by 311</a>",
    ),
    "live blog": (
        "<div class=live-badge>LIVE</div><time>Updated 2m ago</time>",
        "<div class=live-badge>LIVE</div><time>Updated 5m ago</time>",
    ),
    "last updated live": (
        "<p><b>LIVE</b> Last updated: Sun 29 Nov 2026 10:00 UTC</p>",
        "<p><b>LIVE</b> Last updated: Sun 29 Nov 2026 10:06 UTC</p>",
    ),
    "ago short": (
        "<span>2h</span>",
        "<span>2h</span>",
    ),
    "ago days abbreviated": (
        "<a href=/p>45 min ago</a>",
        "<a href=/p>52 min ago</a>",
    ),
    "ago parenthesis": (
        "<p>Nov 29, 2026 (2 hours ago)</p>",
        "<p>Nov 29, 2026 (2 hours ago)</p>",
    ),
    "ar last update": (
        "<p>آخر تحديث: منذ 3 دقائق</p>",
        "<p>آخر تحديث: منذ 10 دقائق</p>",
    ),
    "today's date fr": (
        "<div class=date>dimanche 29 novembre 2026 - 11:00</div>",
        "<div class=date>dimanche 29 novembre 2026 - 11:07</div>",
    ),
    "clock damascus": (
        "<div>دمشق 13:00 | القدس 12:00</div>",
        "<div>دمشق 13:07 | القدس 12:07</div>",
    ),
    "css theme versions": (
        "<link rel=stylesheet href='/wp-content/themes/x/style.css?ver=1795946400'>",
        "<link rel=stylesheet href='/wp-content/themes/x/style.css?ver=1795946820'>",
    ),
    "css chunks": (
        "<link rel=stylesheet href='/_nuxt/entry.Bx8Q2kLm.css'>",
        "<link rel=stylesheet href='/_nuxt/entry.D9fJ3nZz.css'>",
    ),
    "css in cdn folder": (
        "<link rel=stylesheet href='https://static.cdn.example/rsrc.php/v3/yA/l/0,cross/3kX9aB.css'>",
        "<link rel=stylesheet href='https://static.cdn.example/rsrc.php/v3/yZ/l/0,cross/9mQ1pT.css'>",
    ),
    "module preload": (
        "<link rel=modulepreload href=/_nuxt/a.1a2b3c4d.js>",
        "<link rel=modulepreload href=/_nuxt/b.9f8e7d6c.js>",
    ),
    "data-v": (
        "<p data-v-7ba5bd90>Hi</p>",
        "<p data-v-1aa5cd77>Hi</p>",
    ),
    "svelte": (
        "<p class='svelte-1tky8bj'>Hi</p>",
        "<p class='svelte-9aky8zz'>Hi</p>",
    ),
    "emotion": (
        "<style data-emotion='css 1abc'>.css-1abc{color:#111}</style><p class=css-1abc>Hi</p>",
        "<style data-emotion='css 9zzz'>.css-9zzz{color:#111}</style><p class=css-9zzz>Hi</p>",
    ),
    "css modules": (
        "<style>.Article_body__3kX9a{line-height:1.5}</style><p class=Article_body__3kX9a>Hi</p>",
        "<style>.Article_body__9mQ1p{line-height:1.5}</style><p class=Article_body__9mQ1p>Hi</p>",
    ),
    "img cdn hash host": (
        "<img src='https://d1a2b3c4.cloudfront.example/p/x.jpg'>",
        "<img src='https://d1a2b3c4.cloudfront.example/p/x.jpg?Expires=1795950000&Signature=abcDEF~ghi&Key-Pair-Id=K1'>",
    ),
    "wp photon": (
        "<img src='https://i0.wp.example/news.example/x.jpg?resize=640%2C480&ssl=1'>",
        "<img src='https://i2.wp.example/news.example/x.jpg?resize=320%2C240&ssl=1'>",
    ),
    "cloudinary": (
        "<img src='https://res.cloudinary.example/d/image/upload/w_640,q_auto,f_auto/x.jpg'>",
        "<img src='https://res.cloudinary.example/d/image/upload/w_320,q_auto,f_auto/x.jpg'>",
    ),
    "next image": (
        "<img src='/_next/image?url=%2Fp%2Fx.jpg&w=640&q=75'>",
        "<img src='/_next/image?url=%2Fp%2Fx.jpg&w=828&q=75'>",
    ),
    "srcset lazy": (
        "<img src=/p/x.jpg>",
        "<img src=/p/x.jpg data-srcset='/p/x-320w.jpg 320w' loading=lazy decoding=async>",
    ),
    "picture media": (
        "<img src='/p/x_large.jpg'>",
        "<picture><source srcset='/p/x_large.avif' type='image/avif'><source srcset='/p/x_large.webp' type='image/webp'><img src='/p/x_large.jpg'></picture>",
    ),
    "video sources signed": (
        "<video><source src='https://v1.cdn.example/a/b.mp4?st=AbC123xyz&e=1795950000'></video>",
        "<video><source src='https://v7.cdn.example/a/b.mp4?st=ZzZ999qqq&e=1795950420'></video>",
    ),
    "og image signed": (
        "<meta property=og:image content='https://scontent.xx.fbcdn.example/a_n.jpg?_nc_cat=1&oh=00_AfB&oe=6A1B'>",
        "<meta property=og:image content='https://scontent.yy.fbcdn.example/a_n.jpg?_nc_cat=7&oh=00_ZzC&oe=6A1C'>",
    ),
    "csrf in data attr": (
        "<div data-csrf=8f3a9c2e11aabbcc></div>",
        "<div data-csrf=77ab00c1ff99ddee></div>",
    ),
    "livewire": (
        "<div wire:id=8f3a9c2e11 wire:snapshot='{\"x\":1}'></div>",
        "<div wire:id=77ab00c1ff wire:snapshot='{\"x\":1}'></div>",
    ),
    "turbo": (
        "<meta name=turbo-cache-control content=no-cache><meta name=request-id content='8f3a:9c2e:11aa'>",
        "<meta name=turbo-cache-control content=no-cache><meta name=request-id content='77ab:00c1:ff99'>",
    ),
    "aspnet": (
        "<form><input type=hidden name=__VIEWSTATE value='/wEPDwUKMTIzNDU2Nzg5MGRk8f3a'><input type=hidden name=__EVENTVALIDATION value='/wEdAAKx8f3a9c'></form>",
        "<form><input type=hidden name=__VIEWSTATE value='/wEPDwUKMTIzNDU2Nzg5MGRk77ab'><input type=hidden name=__EVENTVALIDATION value='/wEdAAKx77ab00'></form>",
    ),
    "django": (
        "<input type=hidden name=csrfmiddlewaretoken value=8f3a9c2e11aabbccZZ>",
        "<input type=hidden name=csrfmiddlewaretoken value=77ab00c1ff99ddeeYY>",
    ),
    "drupal": (
        "<input type=hidden name=form_build_id value='form-8f3aKq2x9Lm'>",
        "<input type=hidden name=form_build_id value='form-77abZz9q1Tt'>",
    ),
    "recaptcha": (
        "<div class=g-recaptcha data-sitekey=6Lc1 data-stoken=8f3a9c2e11aabbcc></div>",
        "<div class=g-recaptcha data-sitekey=6Lc1 data-stoken=77ab00c1ff99ddee></div>",
    ),
    "wp ajax nonce": (
        '<script>var ajax_obj = {"ajax_url":"/wp-admin/admin-ajax.php","nonce":"8f3a9c2e11"};</script>',
        '<script>var ajax_obj = {"ajax_url":"/wp-admin/admin-ajax.php","nonce":"77ab00c1ff"};</script>',
    ),
    "joomla token": (
        "<script type='application/json' class='joomla-script-options new'>{\"csrf.token\":\"8f3a9c2e11aabbcc8f3a9c2e11aabbcc\",\"system.paths\":{\"root\":\"\"}}</script>",
        "<script type='application/json' class='joomla-script-options new'>{\"csrf.token\":\"77ab00c1ff99ddee77ab00c1ff99ddee\",\"system.paths\":{\"root\":\"\"}}</script>",
    ),
    "sentry": (
        "<meta name=sentry-trace content='8f3a9c2e11aabbcc8f3a9c2e11aabbcc-8f3a9c2e11aabbcc-0'><meta name=baggage content='sentry-trace_id=8f3a9c2e,sentry-sampled=false'>",
        "<meta name=sentry-trace content='77ab00c1ff99ddee77ab00c1ff99ddee-77ab00c1ff99ddee-0'><meta name=baggage content='sentry-trace_id=77ab00c1,sentry-sampled=false'>",
    ),
    "next data build": (
        '<script id=__NEXT_DATA__ type=application/json>{"props":{"a":1},"buildId":"development-xY12","assetPrefix":"/v/1a2b3c"}</script>',
        '<script id=__NEXT_DATA__ type=application/json>{"props":{"a":1},"buildId":"development-zZ99","assetPrefix":"/v/1a2b3c"}</script>',
    ),
    "yt initial": (
        '<script>var ytInitialData = {"videoId":"abc","viewCount":{"simpleText":"12,345 views"},"trackingParams":"CKoBEJhNIhMI8f3a9c2e","loggingDirectives":{"gestures":{"types":4}}};</script>',
        '<script>var ytInitialData = {"videoId":"abc","viewCount":{"simpleText":"12,361 views"},"trackingParams":"CKoBEJhNIhMI77ab00c1","loggingDirectives":{"gestures":{"types":4}}};</script>',
    ),
    "ytcfg": (
        '<script>ytcfg.set({"VISITOR_DATA":"CgtBYmNkZWZnaGlqayiA","SERVER_VERSION":"prod","EVENT_ID":"8f3a9c2e11aabbcc"});</script>',
        '<script>ytcfg.set({"VISITOR_DATA":"CgtaenllMTIzNDU2NyiB","SERVER_VERSION":"prod","EVENT_ID":"77ab00c1ff99ddee"});</script>',
    ),
    "fb dtsg": (
        "<script>require('Init').handle({\"token\":\"AQGf8f3a9c2e:12:0\",\"lsd\":\"AVq8f3a\",\"__spin_t\":1795946400});</script>",
        "<script>require('Init').handle({\"token\":\"AQGf77ab00c1:47:0\",\"lsd\":\"AVq77ab\",\"__spin_t\":1795946820});</script>",
    ),
    "gtm noscript": (
        "<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-1' height=0 width=0></iframe></noscript>",
        "",
    ),
    "ga snippet one side": (
        "<script async src='https://www.googletagmanager.com/gtag/js?id=G-1'></script><script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments);}gtag('js',new Date());gtag('config','G-1');</script>",
        "",
    ),
    "matomo img": (
        "<img src='https://stats.example/matomo.php?idsite=1&rec=1' style='border:0' alt='' width=1 height=1>",
        "",
    ),
    "ad iframe srcless": (
        "<div id=ad-container-1><iframe src='about:blank'></iframe></div>",
        "<div id=ad-container-1></div>",
    ),
    "ad in aside": (
        "<aside class=widget><div class=advertisement><a href='https://shop.example/a'><img src='https://shop.example/a.gif' alt='Shop'></a></div></aside>",
        "<aside class=widget><div class=advertisement><a href='https://travel.example/b'><img src='https://travel.example/b.gif' alt='Travel'></a></div></aside>",
    ),
    "prebid": (
        "<script>pbjs.que.push(function(){pbjs.setConfig({priceGranularity:'low'});});</script>",
        "<script>pbjs.que.push(function(){pbjs.setConfig({priceGranularity:'high'});});</script>",
    ),
    "amp ad": (
        "<amp-ad type=doubleclick data-slot='/1/a'></amp-ad>",
        "<amp-ad type=doubleclick data-slot='/1/b'></amp-ad>",
    ),
    "consent sp": (
        "<div id='sp_message_container_12'><iframe src='https://cmp.example/x'></iframe></div>",
        "",
    ),
    "quantcast": (
        "<div id='qc-cmp2-container'><p>We value your privacy. We and our partners use technologies, such as cookies.</p><button>MORE OPTIONS</button><button>AGREE</button></div>",
        "",
    ),
    "cookie plain": (
        "<div class='notice'><p>This website uses cookies to ensure you get the best experience on our website.</p><a href=/privacy>Learn more</a><button>Got it!</button></div>",
        "",
    ),
    "age gate": (
        "<div role=dialog class=age-gate><p>You must be 18 or older to view this content</p><button>Yes</button><button>No</button></div>",
        "",
    ),
    "login ig": (
        "<div role=dialog><h2>Sign up to see photos and videos from your friends.</h2><a href=/login>Log in</a><a href=/signup>Sign up</a></div>",
        "",
    ),
    "ml login": (
        "<div class=modal id=loginModal><h4>Sign in</h4><label>Email</label><input type=email name=e><label>Password</label><input type=password name=p><button>Sign in</button></div>",
        "",
    ),
    "donate popup": (
        "<div class='popup donate'><h3>Support independent journalism</h3><p>Please donate today to keep us going.</p><a href=/donate>Donate now</a></div>",
        "",
    ),
    "translate bar": (
        "<div class=translate-banner><span>View in English</span></div>",
        "",
    ),
    "ticker tape": (
        "<div class=ticker-tape><span>BTC $97,312.20 ▲ 1.2%</span><span>ETH $3,301.10 ▼ 0.4%</span></div>",
        "<div class=ticker-tape><span>BTC $97,401.00 ▲ 1.3%</span><span>ETH $3,298.70 ▼ 0.5%</span></div>",
    ),
    "gold": (
        "<table class=market-data><tr><td>Gold</td><td>2,651.30</td><td>+0.12%</td></tr></table>",
        "<table class=market-data><tr><td>Gold</td><td>2,652.10</td><td>+0.15%</td></tr></table>",
    ),
    "rates ar": (
        "<div class=currency-box>الدولار 14,950 ليرة</div>",
        "<div class=currency-box>الدولار 14,975 ليرة</div>",
    ),
    "poll radio": (
        "<form class=poll><label>Yes <b>62%</b></label><label>No <b>38%</b></label><p>Total votes: 1,204</p></form>",
        "<form class=poll><label>Yes <b>61%</b></label><label>No <b>39%</b></label><p>Total votes: 1,233</p></form>",
    ),
    "events ical": (
        "<ul class='tribe-events'><li><a href=/event/1>Workshop</a><time datetime=2026-11-29T10:00>29 Nov 10:00</time></li><li><a href=/event/2>Talk</a></li></ul>",
        "<ul class='tribe-events'><li><a href=/event/2>Talk</a></li><li><a href=/event/3>Panel</a></li></ul>",
    ),
    "breaking bar appears": (
        "",
        "<div class=breaking-news><a href=/b2>Minister resigns over budget</a></div>",
    ),
    "most read numbers": (
        "<aside class=most-read><ol><li><span>1</span><a href=/n/1>Rain expected</a></li><li><span>2</span><a href=/n/2>Bread prices</a></li></ol></aside>",
        "<aside class=most-read><ol><li><span>1</span><a href=/n/2>Bread prices</a></li><li><span>2</span><a href=/n/1>Rain expected</a></li></ol></aside>",
    ),
    "video recs": (
        "<div id=related><ytd-compact-video-renderer><a href='/watch?v=a1'><span>Cats</span></a><span>1.2M views</span><span>3 years ago</span></ytd-compact-video-renderer></div>",
        "<div id=related><ytd-compact-video-renderer><a href='/watch?v=b2'><span>Dogs</span></a><span>2.4M views</span><span>1 year ago</span></ytd-compact-video-renderer></div>",
    ),
    "random quote aside": (
        "<aside class=related-posts><h3>You may also like</h3><a href=/p/9><img src=/t9.jpg alt=''>Harvest begins</a></aside>",
        "<aside class=related-posts><h3>You may also like</h3><a href=/p/4><img src=/t4.jpg alt=''>New school opens</a></aside>",
    ),
    "comment times": (
        "<ol class=comments><li><b>Sam</b> <time>2 hours ago</time><p>Thank you.</p></li></ol>",
        "<ol class=comments><li><b>Sam</b> <time>2 hours ago</time><p>Thank you.</p></li></ol>",
    ),
    "lang attr": (
        "<div lang=en>Hi</div>",
        "<div lang=en-GB>Hi</div>",
    ),
    "tabindex": (
        "<a href=/x tabindex=0>Hi</a>",
        "<a href=/x tabindex=-1>Hi</a>",
    ),
    "html entities": (
        "<p>A &amp; B &mdash; C</p>",
        "<p>A &#38; B — C</p>",
    ),
    "attr quote order": (
        "<a title='x' href=/x>Hi</a>",
        "<a href='/x' title=x>Hi</a>",
    ),
    "relative vs absolute": (
        "<a href='/x/y'>Hi</a>",
        "<a href='https://news.example/x/y'>Hi</a>",
    ),
}  # fmt: skip

PLATFORMS: Pairs = {
    "dailymotion": (
        "<div class=views-count>45K views</div><div class=pub-date>2 days ago</div>",
        "<div class=views-count>46K views</div><div class=pub-date>2 days ago</div>",
    ),
    "tw age inline": (
        "<div><a href=/u>Dana</a> <span>@dana</span> · <a href=/u/1><time datetime='2026-11-29T09:10:00.000Z'>50m</time></a></div>",
        "<div><a href=/u>Dana</a> <span>@dana</span> · <a href=/u/1><time datetime='2026-11-29T09:10:00.000Z'>57m</time></a></div>",
    ),
    "tw age hours": (
        "<div><a href=/u>Dana</a><span>@dana</span><span>·</span><a href=/u/1><time datetime='2026-11-29T09:02:00.000Z'>58m</time></a></div>",
        "<div><a href=/u>Dana</a><span>@dana</span><span>·</span><a href=/u/1><time datetime='2026-11-29T09:02:00.000Z'>1h</time></a></div>",
    ),
    "fb age": (
        "<a href=/p/1 aria-label='3 minutes ago'>3m</a>",
        "<a href=/p/1 aria-label='10 minutes ago'>10m</a>",
    ),
    "comments heading": (
        "<section id=comments><h3>Comments (12)</h3></section>",
        "<section id=comments><h3>Comments (13)</h3></section>",
    ),
    "comments heading fr": (
        "<h3>12 commentaires sur « Frappe »</h3>",
        "<h3>13 commentaires sur « Frappe »</h3>",
    ),
    "disqus": (
        "<a href='#disqus_thread'>12 Comments</a>",
        "<a href='#disqus_thread'>14 Comments</a>",
    ),
    "download count": (
        "<p>Downloaded 1,204 times</p>",
        "<p>Downloaded 1,206 times</p>",
    ),
    "dl list": (
        "<dl class=stats><dt>Abstract views</dt><dd>1204</dd><dt>PDF downloads</dt><dd>310</dd></dl>",
        "<dl class=stats><dt>Abstract views</dt><dd>1209</dd><dt>PDF downloads</dt><dd>311</dd></dl>",
    ),
    "osf": (
        "<span>Views: 1204 | Downloads: 310</span>",
        "<span>Views: 1209 | Downloads: 311</span>",
    ),
    "researchgate": (
        "<div><div>1,204</div><div>Reads</div><div>14</div><div>Citations</div></div>",
        "<div><div>1,209</div><div>Reads</div><div>14</div><div>Citations</div></div>",
    ),
    "number first label after": (
        "<div class=stat><b>1,204</b><span>views</span></div><div class=stat><b>45</b><span>shares</span></div>",
        "<div class=stat><b>1,209</b><span>views</span></div><div class=stat><b>46</b><span>shares</span></div>",
    ),
    "number li label after": (
        "<ul><li><strong>1.2M</strong> Followers</li><li><strong>310</strong> Following</li></ul>",
        "<ul><li><strong>1.3M</strong> Followers</li><li><strong>310</strong> Following</li></ul>",
    ),
    "tg channel": (
        "<div class=tgme_channel_info_counters><div class=tgme_channel_info_counter><span class=counter_value>12.4K</span> <span class=counter_type>subscribers</span></div><div class=tgme_channel_info_counter><span class=counter_value>3.1K</span> <span class=counter_type>photos</span></div></div>",
        "<div class=tgme_channel_info_counters><div class=tgme_channel_info_counter><span class=counter_value>12.5K</span> <span class=counter_type>subscribers</span></div><div class=tgme_channel_info_counter><span class=counter_value>3.1K</span> <span class=counter_type>photos</span></div></div>",
    ),
    "tg reactions": (
        "<div class=tgme_widget_message_reactions><span class=tgme_reaction><i class=emoji>👍</i>120</span><span class=tgme_reaction><i class=emoji>😢</i>45</span></div>",
        "<div class=tgme_widget_message_reactions><span class=tgme_reaction><i class=emoji>👍</i>131</span><span class=tgme_reaction><i class=emoji>😢</i>46</span></div>",
    ),
    "tg views aria": (
        "<span class=tgme_widget_message_views>999</span>",
        "<span class=tgme_widget_message_views>1.01K</span>",
    ),
    "ar views word": (
        "<span>١٢٬٣٤٥ مشاهدة</span>",
        "<span>١٢٬٣٦١ مشاهدة</span>",
    ),
    "ar visitors": (
        "<footer>عدد الزوار: 12345</footer>",
        "<footer>عدد الزوار: 12361</footer>",
    ),
    "ar comments": (
        "<a href=#c>التعليقات (12)</a>",
        "<a href=#c>التعليقات (13)</a>",
    ),
    "ar ago": (
        "<span>نشر قبل 3 دقائق</span>",
        "<span>نشر قبل 10 دقائق</span>",
    ),
    "fr ago inline": (
        "<p>Par Omar Saleh, publié il y a 3 minutes</p>",
        "<p>Par Omar Saleh, publié il y a 10 minutes</p>",
    ),
    "es ago": (
        "<p>Publicado hace 58 minutos</p>",
        "<p>Publicado hace 1 hora</p>",
    ),
    "fr clock": (
        "<p>Il est 11h00 à Paris</p>",
        "<p>Il est 11h07 à Paris</p>",
    ),
    "header date clock": (
        "<header><div id=datetime>Sunday, November 29, 2026 | 10:00:02</div></header>",
        "<header><div id=datetime>Sunday, November 29, 2026 | 10:07:09</div></header>",
    ),
    "data generated": (
        "<html-meta data-generated-at='2026-11-29T10:00:01.123Z'></html-meta>",
        "<html-meta data-generated-at='2026-11-29T10:07:01.456Z'></html-meta>",
    ),
    "json generatedAt": (
        '<script type=application/json>{"meta":{"generatedAt":"2026-11-29T10:00:01.123Z","ttl":300}}</script>',
        '<script type=application/json>{"meta":{"generatedAt":"2026-11-29T10:07:01.456Z","ttl":300}}</script>',
    ),
    "redux": (
        '<script>window.__PRELOADED_STATE__ = {"user":{"loggedIn":false,"geo":{"country":"FR"}},"req":{"id":"8f3a9c2e-11aa-4bcc-8f3a-9c2e11aabbcc"}};</script>',
        '<script>window.__PRELOADED_STATE__ = {"user":{"loggedIn":false,"geo":{"country":"DE"}},"req":{"id":"77ab00c1-ff99-4dee-77ab-00c1ff99ddee"}};</script>',
    ),
    "inline json str": (
        '<script>window.__DATA__ = JSON.parse("{\\"views\\":1204}");</script>',
        '<script>window.__DATA__ = JSON.parse("{\\"views\\":1209}");</script>',
    ),
    "turnstile": (
        "<div class=cf-turnstile data-sitekey=0x4 data-cdata=8f3a9c2e11aabbcc></div>",
        "<div class=cf-turnstile data-sitekey=0x4 data-cdata=77ab00c1ff99ddee></div>",
    ),
    "cf beacon": (
        "<script defer src='https://static.cloudflareinsights.com/beacon.min.js/v1' data-cf-beacon='{\"rayId\":\"8f3a9c2e11aabbcc\",\"token\":\"x\"}'></script>",
        "<script defer src='https://static.cloudflareinsights.com/beacon.min.js/v2' data-cf-beacon='{\"rayId\":\"77ab00c1ff99ddee\",\"token\":\"x\"}'></script>",
    ),
    "akamai": (
        '<script>!function(a){var e="https://s.go-mpulse.net/boomerang/",t="addEventListener";if("False"=="True")a.BOOMR_config=a.BOOMR_config||{},a.BOOMR_config.PageParams={"ak.rid":"8f3a9c2e","ak.ts":"1795946400"}}(window);</script>',
        '<script>!function(a){var e="https://s.go-mpulse.net/boomerang/",t="addEventListener";if("False"=="True")a.BOOMR_config=a.BOOMR_config||{},a.BOOMR_config.PageParams={"ak.rid":"77ab00c1","ak.ts":"1795946820"}}(window);</script>',
    ),
    "incapsula": (
        "<script src='/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3&ns=1&cb=1234567'></script>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3&ns=2&cb=7654321'></script>",
    ),
    "wp emoji": (
        '<script>window._wpemojiSettings = {"baseUrl":"https://s.w.org/images/core/emoji/15/","source":{"concatemoji":"https://news.example/wp-emoji.js?ver=6.4.1"}};</script>',
        '<script>window._wpemojiSettings = {"baseUrl":"https://s.w.org/images/core/emoji/15/","source":{"concatemoji":"https://news.example/wp-emoji.js?ver=6.4.2"}};</script>',
    ),
    "chartbeat": (
        "<script>var _sf_async_config={uid:1,domain:'news.example',useCanonical:true,sections:'World',authors:''};</script>",
        "<script>var _sf_async_config={uid:1,domain:'news.example',useCanonical:true,sections:'World',authors:''};_sf_startpt=(new Date()).getTime();</script>",
    ),
    "parsely": (
        "<script id=parsely-cfg src='//cdn.parsely.com/keys/news.example/p.js'></script>",
        "",
    ),
    "ad slot text": (
        "<div class='ad-label'>Advertisement</div><div id='div-gpt-ad-1'></div>",
        "<div class='ad-label'>Ad</div><div id='div-gpt-ad-2'></div>",
    ),
    "sponsored teasers": (
        "<div class='OUTBRAIN'><div class=ob-item><a href='https://paid.outbrain.com/network/redir?p=1'><span>Doctors hate this</span></a></div></div>",
        "<div class='OUTBRAIN'><div class=ob-item><a href='https://paid.outbrain.com/network/redir?p=2'><span>New rule for drivers</span></a></div></div>",
    ),
    "taboola feed json": (
        "<script>window._taboola=window._taboola||[];_taboola.push({mode:'thumbs-a',container:'t1',placement:'Below 1'});</script>",
        "<script>window._taboola=window._taboola||[];_taboola.push({mode:'thumbs-b',container:'t2',placement:'Below 2'});</script>",
    ),
    "ad image doubleclick": (
        "<a href='https://googleads.g.doubleclick.net/pcs/click?x=1'><img src='https://tpc.googlesyndication.com/simgad/1' alt='Bank A'></a>",
        "<a href='https://googleads.g.doubleclick.net/pcs/click?x=2'><img src='https://tpc.googlesyndication.com/simgad/2' alt='Car B'></a>",
    ),
    "house ad": (
        "<div class='ad ad--mpu'><a href='/subscribe?src=ad1'><img src='/house/1.png' alt='Subscribe'></a></div>",
        "<div class='ad ad--mpu'><a href='/app?src=ad2'><img src='/house/2.png' alt='Get the app'></a></div>",
    ),
    "cookie iubenda": (
        "<div id=iubenda-cs-banner><div>Notice</div><p>We and selected third parties use cookies or similar technologies for technical purposes.</p><button>Learn more and customize</button><button>Reject</button><button>Accept</button></div>",
        "",
    ),
    "cookie de": (
        "<div class=cookie-layer><p>Wir verwenden Cookies und ähnliche Technologien.</p><button>Alle akzeptieren</button></div>",
        "",
    ),
    "cookie ar 2": (
        "<div class=gdpr><p>باستخدامك للموقع فإنك توافق على ملفات تعريف الارتباط</p><button>أوافق</button></div>",
        "",
    ),
    "cookie footer link": (
        "<footer><a href=#cookies>Cookie settings</a></footer>",
        "<footer></footer>",
    ),
    "subscribe bar": (
        "<div class=subscribe-bar><strong>Stay informed</strong><p>Get our daily newsletter in your inbox</p><input type=email placeholder='Email address'><button>Sign up</button></div>",
        "",
    ),
    "notification prompt": (
        "<div id=onesignal-slidedown-container><p>We'd like to show you notifications for the latest news and updates.</p><button>Cancel</button><button>Allow</button></div>",
        "",
    ),
    "yt consent": (
        "<ytd-consent-bump-v2-lightbox><h1>Before you continue to YouTube</h1><p>We use cookies and data to deliver and maintain Google services</p><button>Reject all</button><button>Accept all</button></ytd-consent-bump-v2-lightbox>",
        "",
    ),
    "fb login wall": (
        "<div class=login_wall role=dialog><span>You must log in to continue.</span><input type=text placeholder='Email or phone number' aria-label='Email or phone number'><input type=password placeholder=Password aria-label=Password><button name=login>Log In</button><a href=/recover>Forgotten account?</a></div>",
        "",
    ),
    "insta login": (
        "<div role=presentation><div role=dialog><span>Log in to see photos and videos from friends and discover other accounts you'll love.</span><button>Log In</button><button>Sign Up</button></div></div>",
        "",
    ),
    "vk join": (
        "<div class=UnauthActionBox><a href=/join>Sign up</a><a href=/login>Sign in</a></div>",
        "",
    ),
    "metered": (
        "<div class=meter-bar role=dialog><p>You have 2 free articles left this month</p><a href=/subscribe>Subscribe</a></div>",
        "<div class=meter-bar role=dialog><p>You have 1 free article left this month</p><a href=/subscribe>Subscribe</a></div>",
    ),
    "weather ar": (
        "<div class=weather>دمشق <span>12°</span></div>",
        "<div class=weather>دمشق <span>13°</span></div>",
    ),
    "weather table": (
        "<ul class=weather-list><li>Kyiv <b>4°C</b></li><li>Lviv <b>2°C</b></li></ul>",
        "<ul class=weather-list><li>Kyiv <b>5°C</b></li><li>Lviv <b>2°C</b></li></ul>",
    ),
    "forex list": (
        "<ul class=exchange><li>USD <span>41.25</span></li><li>EUR <span>43.60</span></li></ul>",
        "<ul class=exchange><li>USD <span>41.27</span></li><li>EUR <span>43.58</span></li></ul>",
    ),
    "marquee headlines": (
        "<div class=news-ticker><marquee><a href=/n/1>Rain expected</a> <a href=/n/2>Bread prices rise</a></marquee></div>",
        "<div class=news-ticker><marquee><a href=/n/3>School begins</a> <a href=/n/1>Rain expected</a></marquee></div>",
    ),
    "trending searches": (
        "<div class=trending><a href=/s?q=a>budget vote</a><a href=/s?q=b>world cup</a></div>",
        "<div class=trending><a href=/s?q=c>storm</a><a href=/s?q=a>budget vote</a></div>",
    ),
    "latest w times": (
        "<section class='latest-news'><ul><li><time>10:00</time><a href=/n/9>Minister visits port</a></li><li><time>09:41</time><a href=/n/8>Rain expected</a></li></ul></section>",
        "<section class='latest-news'><ul><li><time>10:05</time><a href=/n/10>Bridge closed for repair</a></li><li><time>10:00</time><a href=/n/9>Minister visits port</a></li></ul></section>",
    ),
    "related images only": (
        "<div class=related-articles><a href=/n/1><img src=/t/1.jpg></a></div>",
        "<div class=related-articles><a href=/n/2><img src=/t/2.jpg></a></div>",
    ),
    "related figure": (
        "<aside class=recommended><figure><a href=/n/1><img src=/t/1.jpg alt=One></a><figcaption><a href=/n/1>Rain expected in north</a></figcaption></figure></aside>",
        "<aside class=recommended><figure><a href=/n/2><img src=/t/2.jpg alt=Two></a><figcaption><a href=/n/2>School begins next week</a></figcaption></figure></aside>",
    ),
    "recommended json graphql": (
        '<script type=application/json>{"data":{"relatedArticles":{"edges":[{"node":{"id":"n1","title":"Rain expected in north"}}]}}}</script>',
        '<script type=application/json>{"data":{"relatedArticles":{"edges":[{"node":{"id":"n2","title":"School begins next week"}}]}}}</script>',
    ),
    "yt json secondary": (
        '<script>var ytInitialData = {"contents":{"secondaryResults":{"results":[{"compactVideoRenderer":{"videoId":"a1","title":"Cats play"}}]}}};</script>',
        '<script>var ytInitialData = {"contents":{"secondaryResults":{"results":[{"compactVideoRenderer":{"videoId":"b2","title":"Dogs run"}}]}}};</script>',
    ),
    "events past": (
        "<div class=agenda><article><a href=/e/1>Vigil</a><p>29 November 2026, 10:05</p></article><article><a href=/e/2>March</a></article></div>",
        "<div class=agenda><article><a href=/e/2>March</a></article></div>",
    ),
    "srcset widths differ": (
        "<img src=/p/x.jpg srcset='/p/x-320.jpg 320w'>",
        "<img src=/p/x.jpg srcset='/p/x-320.jpg 320w, /p/x-640.jpg 640w'>",
    ),
    "srcset query": (
        "<img src='/p/x.jpg?width=620' srcset='/p/x.jpg?width=620 1x'>",
        "<img src='/p/x.jpg?width=300' srcset='/p/x.jpg?width=300 1x'>",
    ),
    "guardian img": (
        "<img src='https://i.guim.example/img/media/abc/0_0_5000_3000/master/5000.jpg?width=620&dpr=1&s=none&crop=none'>",
        "<img src='https://i.guim.example/img/media/abc/0_0_5000_3000/master/5000.jpg?width=465&dpr=1&s=none&crop=none'>",
    ),
    "bbc ichef": (
        "<img src='https://ichef.bbci.example/news/640/cpsprodpb/a1b2/x.jpg.webp'>",
        "<img src='https://ichef.bbci.example/news/480/cpsprodpb/a1b2/x.jpg.webp'>",
    ),
    "aljazeera resize": (
        "<img src='/wp-content/uploads/2021/05/x.jpg?resize=770%2C513&quality=80'>",
        "<img src='/wp-content/uploads/2021/05/x.jpg?resize=570%2C380&quality=80'>",
    ),
    "wiki thumb": (
        "<img src='//upload.wiki.example/wikipedia/commons/thumb/a/ab/X.jpg/220px-X.jpg'>",
        "<img src='//upload.wiki.example/wikipedia/commons/thumb/a/ab/X.jpg/330px-X.jpg'>",
    ),
    "twimg": (
        "<img src='https://pbs.twimg.example/media/AbCdEf?format=jpg&name=small'>",
        "<img src='https://pbs.twimg.example/media/AbCdEf?format=jpg&name=900x900'>",
    ),
    "yt thumb": (
        "<img src='https://i1.ytimg.example/vi/abc/hqdefault.jpg?sqp=-oaymw&rs=AOn4'>",
        "<img src='https://i3.ytimg.example/vi/abc/hqdefault.jpg?sqp=-oaZZZ&rs=AOn9'>",
    ),
    "icon version": (
        "<link rel=icon href='/favicon.ico?v=1'>",
        "<link rel=icon href='/favicon.ico?v=2'>",
    ),
    "css vars session": (
        "<style>:root{--vh:7.2px}</style>",
        "<style>:root{--vh:7.2px}</style>",
    ),
    "minified css order": (
        "<style>.a{color:red}.b{color:blue}</style>",
        "<style>.b{color:blue}.a{color:red}</style>",
    ),
    "script type module": (
        "<script type=module src=/assets/index-DiwrgTda.js></script>",
        "<script type=module src=/assets/index-BkXy92Qs.js></script>",
    ),
    "comment wp": (
        "<!-- Performance optimized by W3 Total Cache. Served from: news.example @ 2026-11-29 10:00:00 -->",
        "<!-- Performance optimized by W3 Total Cache. Served from: news.example @ 2026-11-29 10:07:00 -->",
    ),
    "print time": (
        "<p class=generated>Page generated at 10:00:01 in 0.31s</p>",
        "<p class=generated>Page generated at 10:07:01 in 0.28s</p>",
    ),
    "server id": (
        "<p>Server: web-03 | Request: 8f3a9c2e11aa</p>",
        "<p>Server: web-11 | Request: 77ab00c1ff99</p>",
    ),
    "link session path": (
        "<a href='/a;jsessionid=8F3A9C2E11'>A</a>",
        "<a href='/a;jsessionid=77AB00C1FF'>A</a>",
    ),
    "link lang": (
        "<a href='/a?ref=home_1'>A</a>",
        "<a href='/a?ref=home_1'>A</a>",
    ),
    "link gclid": (
        "<a href='/a?id=5&gclid=EAIa'>A</a>",
        "<a href='/a?id=5'>A</a>",
    ),
    "form anti spam": (
        "<input type=text name=hp_8f3a9c2e value=''>",
        "<input type=text name=hp_77ab00c1 value=''>",
    ),
    "user agent": (
        "<p>Your browser: Chrome 120</p>",
        "<p>Your browser: Chrome 131</p>",
    ),
    "ip": (
        "<p>Your IP address is 198.51.100.7</p>",
        "<p>Your IP address is 203.0.113.9</p>",
    ),
    "lang menu": (
        "<nav><a href=/en hreflang=en>English</a><a href=/fr hreflang=fr>Français</a></nav>",
        "<nav><a href=/en hreflang=en>English</a><a href=/fr hreflang=fr>Français</a></nav>",
    ),
}  # fmt: skip

WIDGETS: Pairs = {
    "yt desc meta": (
        "<div id=description><span>1,204,332 views</span> <span>Premiered Nov 3, 2023</span></div>",
        "<div id=description><span>1,204,990 views</span> <span>Premiered Nov 3, 2023</span></div>",
    ),
    "yt live": (
        "<div><span>3,204 watching now</span> <span>Started streaming 58 minutes ago</span></div>",
        "<div><span>3,310 watching now</span> <span>Started streaming 65 minutes ago</span></div>",
    ),
    "vimeo": (
        "<span>12.3K</span><span aria-label='Plays'></span><span title='310 likes'>310</span>",
        "<span>12.3K</span><span aria-label='Plays'></span><span title='310 likes'>310</span>",
    ),
    "ok.ru": (
        "<span class=widget_count>12 класс</span>",
        "<span class=widget_count>12 класс</span>",
    ),
    "tg web merged": (
        "<div class=info>edited 12.4K<time>08:00</time></div>",
        "<div class=info>edited 12.4K<time>08:00</time></div>",
    ),
    "insta likes": (
        "<span>Liked by <a href=/dana>dana</a> and <b>1,204 others</b></span>",
        "<span>Liked by <a href=/dana>dana</a> and <b>1,231 others</b></span>",
    ),
    "threads": (
        "<div>45 replies · 1.2K likes</div>",
        "<div>46 replies · 1.3K likes</div>",
    ),
    "bsky": (
        "<div aria-label='45 reposts'>45</div><div aria-label='130 likes'>130</div>",
        "<div aria-label='46 reposts'>46</div><div aria-label='133 likes'>133</div>",
    ),
    "comment likes": (
        "<ol><li><b>Sam</b><p>Thank you.</p><button>Like (3)</button></li></ol>",
        "<ol><li><b>Sam</b><p>Thank you.</p><button>Like (4)</button></li></ol>",
    ),
    "helpful": (
        "<p>12 people found this helpful</p>",
        "<p>13 people found this helpful</p>",
    ),
    "rating stars": (
        "<div class=rating><span>4.5</span> out of 5 (120 ratings)</div>",
        "<div class=rating><span>4.5</span> out of 5 (121 ratings)</div>",
    ),
    "views with icon": (
        "<span class='post-meta'><i class='fa fa-eye'></i> 1,204</span>",
        "<span class='post-meta'><i class='fa fa-eye'></i> 1,209</span>",
    ),
    "views icon own class": (
        "<span class='td-post-views'><i class=td-icon-views></i><span class=td-nr-views>1204</span></span>",
        "<span class='td-post-views'><i class=td-icon-views></i><span class=td-nr-views>1209</span></span>",
    ),
    "comments bubble": (
        "<span class=comment-count><a href=#respond>3</a></span>",
        "<span class=comment-count><a href=#respond>4</a></span>",
    ),
    "shares total": (
        "<div class=total-shares><em>1.2k</em><div>SHARES</div></div>",
        "<div class=total-shares><em>1.3k</em><div>SHARES</div></div>",
    ),
    "arabic article meta": (
        "<div class=meta><span>الكاتب: عمر</span><span>المشاهدات: 1204</span><span>منذ 3 ساعات</span></div>",
        "<div class=meta><span>الكاتب: عمر</span><span>المشاهدات: 1209</span><span>منذ 3 ساعات</span></div>",
    ),
    "arabic read time": (
        "<span>قراءة 3 دقائق</span>",
        "<span>قراءة 3 دقائق</span>",
    ),
    "arabic thousands": (
        "<span>1.2 ألف مشاهدة</span>",
        "<span>1.3 ألف مشاهدة</span>",
    ),
    "french all regrouped": (
        "<p>Vues : 12 345</p>",
        "<p>Vues : 12 361</p>",
    ),
    "fr partages label": (
        "<p>Partages 45</p>",
        "<p>Partages 47</p>",
    ),
    "es leer": (
        "<p>Leído 1.204 veces</p>",
        "<p>Leído 1.219 veces</p>",
    ),
    "pt": (
        "<p>1.204 visualizações</p>",
        "<p>1.219 visualizações</p>",
    ),
    "it": (
        "<p>1.204 visualizzazioni</p>",
        "<p>1.219 visualizzazioni</p>",
    ),
    "upd abs": (
        "<p>Updated: November 29, 2026 10:00 am</p>",
        "<p>Updated: November 29, 2026 10:07 am</p>",
    ),
    "upd live iso": (
        "<p>LIVE · Updated <time datetime='2026-11-29T10:00:00Z'>just now</time></p>",
        "<p>LIVE · Updated <time datetime='2026-11-29T10:05:00Z'>2 min ago</time></p>",
    ),
    "clock js attr": (
        "<div class=clock data-timestamp=1795946400>10:00</div>",
        "<div class=clock data-timestamp=1795946820>10:07</div>",
    ),
    "hijri header": (
        "<header>الأحد 29 نوفمبر 2026 - 10:00 ص</header>",
        "<header>الأحد 29 نوفمبر 2026 - 10:07 ص</header>",
    ),
    "google fonts css": (
        "<link rel=stylesheet href='https://fonts.googleapis.com/css2?family=Inter&display=swap'>",
        "<link rel=stylesheet href='https://fonts.googleapis.com/css2?family=Inter&display=swap'>",
    ),
    "inline critical css differs by class hash": (
        "<style>._1abC2{margin:0}</style><p class=_1abC2>x</p>",
        "<style>._9zzZ8{margin:0}</style><p class=_9zzZ8>x</p>",
    ),
    "inline bg srcset sizes": (
        "<div style='background-image:url(https://img.example/w_640/a.jpg)'></div>",
        "<div style='background-image:url(https://img.example/w_1280/a.jpg)'></div>",
    ),
    "lazy bg": (
        "<div data-bg='https://img1.cdn.example/a.jpg'></div>",
        "<div data-bg='https://img2.cdn.example/a.jpg'></div>",
    ),
    "data-src shard": (
        "<img data-src='https://img1.cdn.example/a.jpg' src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'>",
        "<img data-src='https://img2.cdn.example/a.jpg' src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'>",
    ),
    "og image size": (
        "<meta property=og:image:width content=1200>",
        "<meta property=og:image:width content=1200>",
    ),
    "amp link": (
        "<link rel=amphtml href=https://news.example/amp/a>",
        "<link rel=amphtml href=https://www.news.example/amp/a>",
    ),
    "preconnect": (
        "<link rel=preconnect href=https://a.example>",
        "<link rel=dns-prefetch href=https://b.example>",
    ),
    "consent tcf script": (
        "<script>window.__tcfapi=function(){};</script>",
        "<script>window.__tcfapi=function(){};window.__cmpConfig={id:7};</script>",
    ),
    "cookie bar fr": (
        "",
        "<div id=tarteaucitronRoot><div>En poursuivant votre navigation, vous acceptez l'utilisation de services tiers pouvant installer des cookies</div><button>OK, tout accepter</button><button>Personnaliser</button></div>",
    ),
    "cookie complianz": (
        "<div class=cmplz-cookiebanner><div>Manage Cookie Consent</div><p>To provide the best experiences, we use technologies like cookies to store and/or access device information.</p><button>Accept</button><button>Deny</button><button>View preferences</button></div>",
        "",
    ),
    "cookie borlabs": (
        "<div id=BorlabsCookieBox><p>We need your consent before you can continue on our website.</p><a>Accept all</a><a>Save</a></div>",
        "",
    ),
    "cookie simple ar": (
        "",
        "<div class=cookies>هذا الموقع يستخدم ملفات تعريف الارتباط <button>حسناً</button></div>",
    ),
    "gdpr wall es": (
        "",
        "<div class=gdpr><p>Nosotros y nuestros socios almacenamos y/o accedemos a información en un dispositivo, como cookies.</p><button>Aceptar y continuar</button></div>",
    ),
    "yt signin": (
        "<div class=ytd-popup><p>Sign in to like videos, comment, and subscribe.</p><a href=/signin>Sign in</a></div>",
        "",
    ),
    "medium": (
        "<div role=dialog><h2>Get unlimited access</h2><p>Create an account to read the full story.</p><a>Sign up with Google</a><a>Already have an account? Sign in</a></div>",
        "",
    ),
    "li login": (
        "<div class=join-modal><h2>Sign in to view more content</h2><p>Create your free account or sign in to continue your search</p><button>Sign in</button><a>Join now</a></div>",
        "",
    ),
    "translated dialog": (
        "<div class=cookie-banner><p>We use cookies to improve your experience.</p><button>Accept</button></div>",
        "<div class=cookie-banner><p>Nous utilisons des cookies pour améliorer votre visite.</p><button>Accepter</button></div>",
    ),
    "adblock notice": (
        "<div class=modal><p>Please disable your ad blocker to support our journalism</p><button>Continue</button></div>",
        "",
    ),
    "promo modal newsletter ar": (
        "<div class=popup><p>اشترك في النشرة البريدية</p><button>اشترك</button></div>",
        "",
    ),
    "ads by google ins filled": (
        "<ins class=adsbygoogle data-ad-client=ca-pub-1 data-ad-slot=1 data-ad-status=filled><iframe src='https://googleads.g.doubleclick.net/pagead/ads?x=1'></iframe></ins>",
        "<ins class=adsbygoogle data-ad-client=ca-pub-1 data-ad-slot=1 data-ad-status=unfilled></ins>",
    ),
    "revive": (
        "<ins data-revive-zoneid=1 data-revive-id=x></ins>",
        "<ins data-revive-zoneid=2 data-revive-id=x></ins>",
    ),
    "affiliate": (
        "<div class=ad-container><a href='https://amzn.example/x?tag=1'>Camera 299 EUR</a></div>",
        "<div class=ad-container><a href='https://amzn.example/y?tag=1'>Tripod 49 EUR</a></div>",
    ),
    "banner rotate linked": (
        "<div class=banner-ad><a href='https://bank.example/'><img src='https://cdn.bank.example/1.gif' alt='Bank'></a></div>",
        "<div class=banner-ad><a href='https://cars.example/'><img src='https://cdn.cars.example/2.gif' alt='Cars'></a></div>",
    ),
    "bitcoin ticker": (
        "<div class=crypto-ticker>BTC 97,312.20 USD</div>",
        "<div class=crypto-ticker>BTC 97,401.00 USD</div>",
    ),
    "dow": (
        "<div id=markets><span>Dow</span><span>44,910.65</span><span>+0.42%</span></div>",
        "<div id=markets><span>Dow</span><span>44,921.10</span><span>+0.44%</span></div>",
    ),
    "poll ul": (
        "<ul class='poll-options'><li>Yes <span>45.2%</span></li><li>No <span>54.8%</span></li></ul><div class=poll-total>1,204 votes</div>",
        "<ul class='poll-options'><li>Yes <span>45.4%</span></li><li>No <span>54.6%</span></li></ul><div class=poll-total>1,230 votes</div>",
    ),
    "events widget": (
        "<div class='widget upcoming-events'><h3>Upcoming events</h3><div><a href=/e/1>Film night</a><span>Nov 29, 2026</span></div><div><a href=/e/2>Book fair</a><span>Dec 3, 2026</span></div></div>",
        "<div class='widget upcoming-events'><h3>Upcoming events</h3><div><a href=/e/2>Book fair</a><span>Dec 3, 2026</span></div><div><a href=/e/3>Concert</a><span>Dec 9, 2026</span></div></div>",
    ),
    "latest posts dates": (
        "<ul class=latest-posts><li><a href=/n/1>Rain expected</a> <span>Nov 28</span></li></ul>",
        "<ul class=latest-posts><li><a href=/n/2>School begins</a> <span>Nov 29</span></li></ul>",
    ),
    "more from": (
        "<section class=more-from-author><h4>More from Dana</h4><a href=/n/1>Rain expected in the north</a></section>",
        "<section class=more-from-author><h4>More from Dana</h4><a href=/n/2>School begins next week</a></section>",
    ),
    "newsletter count": (
        "<p>Join 12,345 subscribers</p>",
        "<p>Join 12,361 subscribers</p>",
    ),
    "perf comment json": (
        '<script>window.performance_data={"render_ms":31,"server":"web-03"};</script>',
        '<script>window.performance_data={"render_ms":28,"server":"web-11"};</script>',
    ),
    "feature flags": (
        '<script type=application/json>{"featureFlags":{"newNav":true}}</script>',
        '<script type=application/json>{"featureFlags":{"newNav":false}}</script>',
    ),
    "apollo": (
        '<script>window.__APOLLO_STATE__={"ROOT_QUERY":{"viewer":{"id":"lo_8f3a9c2e11aa"}},"Post:1":{"clapCount":1204}};</script>',
        '<script>window.__APOLLO_STATE__={"ROOT_QUERY":{"viewer":{"id":"lo_77ab00c1ff99"}},"Post:1":{"clapCount":1209}};</script>',
    ),
}  # fmt: skip

LATER_SITES: Pairs = {
    "yt views dot age": (
        "<ytd-video-meta><span class=inline-metadata-item>45K views</span><span class=inline-metadata-item>2 hours ago</span></ytd-video-meta>",
        "<ytd-video-meta><span class=inline-metadata-item>46K views</span><span class=inline-metadata-item>2 hours ago</span></ytd-video-meta>",
    ),
    "views bullet age in p": (
        "<p>45,120 views • 58 minutes ago • by Dana TV</p>",
        "<p>45,180 views • 1 hour ago • by Dana TV</p>",
    ),
    "tg full": (
        "<div class=tgme_widget_message_footer><div class=tgme_widget_message_info><span class=tgme_widget_message_views>1.2K</span><span class=copyonly> views</span><span class=tgme_widget_message_meta>edited &nbsp;<a class=tgme_widget_message_date href=https://t.me.example/c/1><time datetime='2026-11-28T08:00:00+00:00' class=time>08:00</time></a></span></div></div>",
        "<div class=tgme_widget_message_footer><div class=tgme_widget_message_info><span class=tgme_widget_message_views>1.3K</span><span class=copyonly> views</span><span class=tgme_widget_message_meta>edited &nbsp;<a class=tgme_widget_message_date href=https://t.me.example/c/1><time datetime='2026-11-28T08:00:00+00:00' class=time>08:00</time></a></span></div></div>",
    ),
    "likes aria pressed": (
        "<button aria-label='130 likes' aria-pressed=false><span>130</span></button>",
        "<button aria-label='133 likes' aria-pressed=false><span>133</span></button>",
    ),
    "aria comments fr": (
        "<a href=#c aria-label='12 commentaires'>12</a>",
        "<a href=#c aria-label='13 commentaires'>13</a>",
    ),
    "title likes": (
        "<span title='1,204 people like this'>1.2K</span>",
        "<span title='1,231 people like this'>1.2K</span>",
    ),
    "fr vues nbsp": (
        "<span>1&nbsp;204&nbsp;vues</span>",
        "<span>1&nbsp;318&nbsp;vues</span>",
    ),
    "fr k": (
        "<span>12,4&nbsp;k&nbsp;vues</span>",
        "<span>12,5&nbsp;k&nbsp;vues</span>",
    ),
    "fr mio": (
        "<span>1,2&nbsp;M de vues</span>",
        "<span>1,3&nbsp;M de vues</span>",
    ),
    "trans es fr": (
        "<span>1204 visualizaciones</span>",
        "<span>1 204 vues</span>",
    ),
    "trans ar en": (
        "<span>12 تعليقًا</span>",
        "<span>12 comments</span>",
    ),
    "grouped de": (
        "<span>1.204 views</span>",
        "<span>1,219 views</span>",
    ),
    "ungrouped": (
        "<span>1204 views</span>",
        "<span>1,219 views</span>",
    ),
    "abbr en whole fr": (
        "<span>1.2K views</span>",
        "<span>1 231 vues</span>",
    ),
    "live badge inline": (
        "<div><b>LIVE</b><span>Last updated 10:01</span></div>",
        "<div><b>LIVE</b><span>Last updated 10:06</span></div>",
    ),
    "live updated gmt": (
        "<p>LIVE Last updated 29 Nov 2026, 10:01 GMT</p>",
        "<p>LIVE Last updated 29 Nov 2026, 10:06 GMT</p>",
    ),
    "live ar": (
        "<p>مباشر | آخر تحديث 13:00</p>",
        "<p>مباشر | آخر تحديث 13:07</p>",
    ),
    "ticker li": (
        "<div class=ticker><ul><li>S&amp;P 500 <span>6,032.38</span> <span>+0.56%</span></li></ul></div>",
        "<div class=ticker><ul><li>S&amp;P 500 <span>6,030.11</span> <span>+0.52%</span></li></ul></div>",
    ),
    "fx aside": (
        "<aside class=forex><p>EUR/USD 1.0545</p><p>GBP/USD 1.2688</p></aside>",
        "<aside class=forex><p>EUR/USD 1.0547</p><p>GBP/USD 1.2690</p></aside>",
    ),
    "poll bar": (
        "<section class=poll><p>Will it rain?</p><div class=opt><span>Yes</span><span class=bar style='width:40%'></span><span>40%</span></div><p>310 votes</p></section>",
        "<section class=poll><p>Will it rain?</p><div class=opt><span>Yes</span><span class=bar style='width:41%'></span><span>41%</span></div><p>318 votes</p></section>",
    ),
    "upcoming li": (
        "<aside class=upcoming><ul><li><a href=/ev/1>Open day</a></li><li><a href=/ev/2>Lecture</a></li></ul></aside>",
        "<aside class=upcoming><ul><li><a href=/ev/2>Lecture</a></li></ul></aside>",
    ),
    "calendar widget": (
        "<div class='calendar-widget'><a href=/ev/1>29 Nov — Open day</a><a href=/ev/2>3 Dec — Lecture</a></div>",
        "<div class='calendar-widget'><a href=/ev/2>3 Dec — Lecture</a><a href=/ev/3>9 Dec — Concert</a></div>",
    ),
    "css hash vite": (
        "<link rel=stylesheet crossorigin href=/assets/main-4f2c9a1b.css>",
        "<link rel=stylesheet crossorigin href=/assets/main-b7e1d0c3.css>",
    ),
    "css hash cra": (
        "<link href=/static/css/2.5c1f8a9d.chunk.css rel=stylesheet>",
        "<link href=/static/css/2.77ab00c1.chunk.css rel=stylesheet>",
    ),
    "css hash rails": (
        "<link rel=stylesheet href=/assets/application-9f86d081884c7d659a2feaa0c55ad015.css>",
        "<link rel=stylesheet href=/assets/application-1f86d081884c7d659a2feaa0c55ad015.css>",
    ),
    "css hash drupal": (
        "<link rel=stylesheet href='/sites/default/files/css/css_8fA9c2e11aaBBcc.css?delta=0&language=en&theme=x&include=eJw'>",
        "<link rel=stylesheet href='/sites/default/files/css/css_77aB00c1ffZZdd.css?delta=0&language=en&theme=x&include=eJz'>",
    ),
    "bg shard numbers": (
        "<div style='background-image: url(\"//static1.example.net/bg/hero.jpg\")'></div>",
        "<div style='background-image: url(\"//static4.example.net/bg/hero.jpg\")'></div>",
    ),
    "bg shard sheet q": (
        "<style>.a{background:url('https://cdn-01.example.net/x.png?v=3') no-repeat}</style>",
        "<style>.a{background:url('https://cdn-02.example.net/x.png?v=3') no-repeat}</style>",
    ),
    "srcset guardian": (
        "<picture><source media='(min-width: 660px)' srcset='https://i.g.example/img/m/abc/master/5000.jpg?width=620 620w'><img src='https://i.g.example/img/m/abc/master/5000.jpg?width=465'></picture>",
        "<img src='https://i.g.example/img/m/abc/master/5000.jpg?width=465'>",
    ),
    "srcset wp": (
        "<img src='/up/2021/x-1024x683.jpg'>",
        "<img src='/up/2021/x-1024x683.jpg' srcset='/up/2021/x-1024x683.jpg 1024w, /up/2021/x-300x200.jpg 300w, /up/2021/x-768x512.jpg 768w, /up/2021/x.jpg 1600w'>",
    ),
    "gpt slot lines": (
        "<div id='div-gpt-ad-168-0' style='min-width: 300px; min-height: 250px;'><script>googletag.cmd.push(function() { googletag.display('div-gpt-ad-168-0'); });</script></div>",
        "<div id='div-gpt-ad-169-0' style='min-width: 300px; min-height: 250px;'><script>googletag.cmd.push(function() { googletag.display('div-gpt-ad-169-0'); });</script></div>",
    ),
    "gpt define": (
        "<script>window.googletag = window.googletag || {cmd: []};googletag.cmd.push(function() {googletag.defineSlot('/1/x', [300, 250], 'div-gpt-ad-168-0').addService(googletag.pubads());googletag.enableServices();});</script>",
        "",
    ),
    "login x": (
        "<div role=dialog aria-modal=true><h1>Sign in to X</h1><button>Sign in with Google</button><button>Sign in with Apple</button><span>Don't have an account? Sign up</span></div>",
        "",
    ),
    "consent guardian": (
        "<div role=dialog class=sp_veil><h2>It's your choice</h2><p>With your consent, we and our partners use cookies to store and access personal data.</p><button>Accept all</button><button>Reject all</button></div>",
        "",
    ),
    "consent ar modal": (
        "",
        "<div class='modal cookie-modal'><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا</p><button>موافق</button><button>رفض</button></div>",
    ),
    "partages": (
        "<span class=nb>12 partages</span>",
        "<span class=nb>15 partages</span>",
    ),
    "json watch": (
        "<script type='application/ld+json'>{\"interactionStatistic\":{\"@type\":\"InteractionCounter\",\"interactionType\":{\"@type\":\"WatchAction\"},\"userInteractionCount\":1204}}</script>",
        "<script type='application/ld+json'>{\"interactionStatistic\":{\"@type\":\"InteractionCounter\",\"interactionType\":{\"@type\":\"WatchAction\"},\"userInteractionCount\":1231}}</script>",
    ),
    "json views str": (
        '<script>var d={"shortViewCountText":{"simpleText":"1.2K views"}};</script>',
        '<script>var d={"shortViewCountText":{"simpleText":"1.3K views"}};</script>',
    ),
}  # fmt: skip

REST: Pairs = {
    "odysee": (
        "<div class=file-meta><span>1,204 views</span><span class=date>October 3, 2023</span></div>",
        "<div class=file-meta><span>1,231 views</span><span class=date>October 3, 2023</span></div>",
    ),
    "rumble": (
        "<div class=media-description-info-views>45,120</div>",
        "<div class=media-description-info-views>45,180</div>",
    ),
    "bitchute": (
        "<span id=video-view-count>1204</span><span id=video-like-count>14</span>",
        "<span id=video-view-count>1209</span><span id=video-like-count>14</span>",
    ),
    "wiki hits": (
        "<li id=footer-info>This page was viewed 12,345 times</li>",
        "<li id=footer-info>This page was viewed 12,361 times</li>",
    ),
    "arabic hits": (
        "<span class=hits>1204 قراءة</span>",
        "<span class=hits>1209 قراءة</span>",
    ),
    "arabic views label": (
        "<div class=news-info><span>عدد القراءات : 532</span></div>",
        "<div class=news-info><span>عدد القراءات : 540</span></div>",
    ),
    "share fb": (
        "<a class='share-btn facebook' href='https://www.facebook.com/sharer.php?u=x'><span class=share-count>45</span></a>",
        "<a class='share-btn facebook' href='https://www.facebook.com/sharer.php?u=x'><span class=share-count>47</span></a>",
    ),
    "comment link nbsp": (
        "<a href='/a#comments'>12&nbsp;comments</a>",
        "<a href='/a#comments'>14&nbsp;comments</a>",
    ),
    "view all replies": (
        "<button>View 12 replies</button>",
        "<button>View 14 replies</button>",
    ),
    "show more comments": (
        "<button>Show 3 more comments</button>",
        "<button>Show 5 more comments</button>",
    ),
    "reaction aria": (
        "<div aria-label='1.2K reactions; see who reacted to this'></div>",
        "<div aria-label='1.3K reactions; see who reacted to this'></div>",
    ),
    "retweets ar": (
        "<p>45 إعادة نشر · 130 إعجاب</p>",
        "<p>46 إعادة نشر · 133 إعجاب</p>",
    ),
    "pt comp": (
        "<p>12 comentários</p>",
        "<p>13 comentários</p>",
    ),
    "time since edit": (
        "<p>This page was last edited 3 hours ago</p>",
        "<p>This page was last edited 3 hours ago</p>",
    ),
    "minute clock am": (
        "<div>10:00 AM</div>",
        "<div>10:07 AM</div>",
    ),
    "date header dots": (
        "<div>29.11.2026 10:00</div>",
        "<div>29.11.2026 10:07</div>",
    ),
    "ar am": (
        "<div>الأحد، 29 نوفمبر 2026 10:00 صباحا</div>",
        "<div>الأحد، 29 نوفمبر 2026 10:07 صباحا</div>",
    ),
    "next-size-adjust": (
        "<meta name=next-size-adjust><link rel=stylesheet href='/_next/static/css/aa11bb22cc33dd44.css' data-precedence=next>",
        "<meta name=next-size-adjust><link rel=stylesheet href='/_next/static/css/ff99ee88dd77cc66.css' data-precedence=next>",
    ),
    "img imgproxy": (
        "<img src='https://cdn.example/rs:fit:640:480/plain/s3/x.jpg'>",
        "<img src='https://cdn.example/rs:fit:640:480/plain/s3/x.jpg'>",
    ),
    "picture w/o src": (
        "<picture><source srcset='/p/x.webp 1x'><img data-src=/p/x.jpg></picture>",
        "<picture><source srcset='/p/x.webp 1x'><img src=/p/x.jpg></picture>",
    ),
    "video poster sized": (
        "<video poster='/p/x-640x360.jpg' src=/v.mp4></video>",
        "<video poster='/p/x-1280x720.jpg' src=/v.mp4></video>",
    ),
    "token in form action": (
        "<form action='/c?csrf=8f3a9c2e11aabbcc'></form>",
        "<form action='/c?csrf=77ab00c1ff99ddee'></form>",
    ),
    "unsubscribe token link": (
        "<a href='/x?token=8f3a9c2e11aabbcc'>Share by mail</a>",
        "<a href='/x?token=77ab00c1ff99ddee'>Share by mail</a>",
    ),
    "data-token": (
        "<div data-token=8f3a9c2e11></div>",
        "<div data-token=77ab00c1ff></div>",
    ),
    "request header": (
        "<meta name=x-request-id content=8f3a9c2e>",
        "<meta name=x-request-id content=77ab00c1>",
    ),
    "newrelic loader": (
        "<script>NREUM.loader_config={accountID:'1',xpid:'VQ8f3a9c2e=='};</script>",
        "<script>NREUM.loader_config={accountID:'1',xpid:'VQ77ab00c1=='};</script>",
    ),
    "dynatrace": (
        "<script src='/ruxitagentjs_ICA27_10250.js' data-dtconfig='rid=RID_8f3a|rpid=-1204|domain=x'></script>",
        "<script src='/ruxitagentjs_ICA27_10250.js' data-dtconfig='rid=RID_77ab|rpid=-1333|domain=x'></script>",
    ),
    "dialog ig app": (
        "<div role=dialog><p>Open Instagram app to see more</p><a href=/o>Open</a><a href=/n>Not now</a></div>",
        "",
    ),
    "tiktok login": (
        "<div class=login-modal><h2>Log in to TikTok</h2><div>Use QR code</div><div>Continue with Facebook</div></div>",
        "",
    ),
    "consent ccpa": (
        "<div class=ccpa-notice><p>We use cookies and similar technologies. You may opt out at any time.</p><a href=/o>Do not sell my personal information</a></div>",
        "",
    ),
    "most viewed ol": (
        "<div class=most-viewed><ol><li><a href=/n/1>Rain expected</a></li><li><a href=/n/2>School begins</a></li></ol></div>",
        "<div class=most-viewed><ol><li><a href=/n/3>Bridge reopens</a></li><li><a href=/n/1>Rain expected</a></li></ol></div>",
    ),
    "trending hashtags": (
        "<ul class=trending><li><a href='/h/rain'>#rain</a> 1,204 posts</li></ul>",
        "<ul class=trending><li><a href='/h/goal'>#goal</a> 2,301 posts</li></ul>",
    ),
    "ad label placeholders": (
        "<div class='ad-slot'><span>Advertisement</span></div>",
        "<div class='ad-slot'></div>",
    ),
}  # fmt: skip

IN_ITS_PLACE: Pairs = {
    "page generated": ("<footer><p>© 2011–2026 Monitors. Page generated 2026-11-29 10:00:02 UTC.</p></footer>", "<footer><p>© 2011–2026 Monitors. Page generated 2026-11-29 10:07:02 UTC.</p></footer>"),
    "report generated": ("<p>Report generated on 29 November 2026 at 10:00:00 UTC</p>", "<p>Report generated on 29 November 2026 at 10:07:00 UTC</p>"),
    "clock in a bar": ("<header><div>Damascus | 29 November 2026 10:00</div></header>", "<header><div>Damascus | 29 November 2026 10:07</div></header>"),
    "order of links": ("<aside><a href=/1>One town</a><a href=/2>Two towns</a></aside>", "<aside><a href=/2>Two towns</a><a href=/1>One town</a></aside>"),
    "session in a path": ("<p><a href='/list;jsessionid=A9F31C22B71E'>List</a></p>", "<p><a href='/list;jsessionid=77E0B4D1C9AF'>List</a></p>"),
}  # fmt: skip

OF_PROGRAMS: Pairs = {
    "time that a form took": ("<form><input type=hidden id=ak_js_1 name=ak_js value=183></form>", "<form><input type=hidden id=ak_js_1 name=ak_js value=215></form>"),
    "hash of a channel": ("<div data-post=dana/44 data-peer-hash=6e54857ce093b58c>Shells fell</div>", "<div data-post=dana/44 data-peer-hash=720457e4dff64db8>Shells fell</div>"),
    "form of a site": ("<form><input type=hidden name=form_build_id value=form-Yp_abcdEFg-hijKLmnop-QRstUv></form>", "<form><input type=hidden name=form_build_id value=form-aBcDefgh_ijkl-MNOPqrst-uvwXy></form>"),
    "short token": ("<form><input type=hidden name=p_auth value=PMgvgkYw></form>", "<form><input type=hidden name=p_auth value=pzgyhOEx></form>"),
    "token of digits": ("<form><input type=hidden name=csrf_token value=812749120498127491></form>", "<form><input type=hidden name=csrf_token value=190284710928471029></form>"),
    "login link": ("<a href='/login?next=%2Fa&state=d5c12c2121a5e3de6133&nonce=abcdEFgh'>Log in</a>", "<a href='/login?next=%2Fa&state=e4019c08784bec96a98a&nonce=QrstUvwx'>Log in</a>"),
    "login that leads back": ("<a href='/ServiceLogin?continue=https%3A%2F%2Fx.example%2Fsignin%3Fn%3Dc1070'>Sign in</a>", "<a href='/ServiceLogin?continue=https%3A%2F%2Fx.example%2Fsignin%3Fn%3Dd470a'>Sign in</a>"),
    "tracked link": ("<a href='/posts/99?__cft__[0]=AZuikrRbPgZkGRa8R'>Post</a>", "<a href='/posts/99?__cft__[0]=AZbtpnf-HLkslrMm3'>Post</a>"),
    "reader's country": ('<script>window.ytcfg={"GL":"NL","INNERTUBE_CONTEXT":{"client":{"remoteHost":"145.97.39.155"}}};</script>', '<script>window.ytcfg={"GL":"US","INNERTUBE_CONTEXT":{"client":{"remoteHost":"73.162.12.9"}}};</script>'),
    "geo of a state": ('<script>window.__STATE__={"geo":{"country":"NL"},"ttl":46,"flags":{"newPlayer":true}};</script>', '<script>window.__STATE__={"geo":{"country":"US"},"ttl":35,"flags":{"newPlayer":false}};</script>'),
    "wiki": ('<script>RLCONF={"wgRequestId":"4d5a5921-44e7-f240-fcab-d882b2681568","wgBackendResponseTime":157};</script>', '<script>RLCONF={"wgRequestId":"917b8de0-9502-e656-73f0-e023714784c2","wgBackendResponseTime":116};</script>'),
    "build": ('<script>window.__BUILD_ID__="main-20261127-1";</script>', '<script>window.__BUILD_ID__="main-20261128-2";</script>'),
    "stream of a server": ("<script>self.__next_f.push([1,'0:[\\\"BjAcWFZ_oOlcpzi9-sR4\\\",[]]'])</script>", "<script>self.__next_f.push([1,'0:[\\\"ZyS8sctvLD8ILWufmJRm\\\",[]]'])</script>"),
    "data within data": ("<div data-preloaded='{\"topic\":\"{\\\"id\\\":88,\\\"views\\\":3120}\"}'></div>", "<div data-preloaded='{\"topic\":\"{\\\"id\\\":88,\\\"views\\\":3131}\"}'></div>"),
    "signed film": ('<script>var p={"url":"https://r4.video.example/videoplayback?expire=1795946400&itag=18&lmt=16217&sig=aa11"};</script>', '<script>var p={"url":"https://r5.video.example/videoplayback?expire=1795946820&itag=18&lmt=16217&sig=bb22"};</script>'),
    "signed playlist": ('<script>var p={"url":"https://v.example/exp=1795946400~acl=%2F77~hmac=481c0326/77/playlist.m3u8"};</script>', '<script>var p={"url":"https://v.example/exp=1795946820~acl=%2F77~hmac=a7cfbaae/77/playlist.m3u8"};</script>'),
    "hits in French": ("<dd class=hits>Affichages : 1203</dd>", "<dd class=hits>Affichages : 1207</dd>"),
    "views in Russian": ("<span>12 тыс. просмотров</span>", "<span>13 тыс. просмотров</span>"),
    "visitors of today in Arabic": ("<span>زوار اليوم: 1220</span>", "<span>زوار اليوم: 1632</span>"),
    "stars": ("<a class=stargazers>431 stars</a>", "<a class=stargazers>432 stars</a>"),
    "readers here now": ("<p>263 users here now</p>", "<p>255 users here now</p>"),
    "counts before a text": ('<meta property=og:description content="1,204 likes, 31 comments - dana: The market">', '<meta property=og:description content="1,210 likes, 32 comments - dana: The market">'),
    "line of a server": ("<footer>Rendered by PID 61 on web-7f8478f2 at 2026-11-29T10:00:00Z running 7f8478f2.</footer>", "<footer>Rendered by PID 14 on web-6a7ecb0b at 2026-11-29T10:07:00Z running 6a7ecb0b.</footer>"),
    "server and its time": ("<footer>Served by web25 in 0.73 s</footer>", "<footer>Served by web16 in 0.5 s</footer>"),
    "work of a server": ("<footer>Time: 0.34s | Queries: 18 | Peak Memory Usage: 4.26 MiB</footer>", "<footer>Time: 0.14s | Queries: 18 | Peak Memory Usage: 4.10 MiB</footer>"),
}  # fmt: skip

ATTACKED: Pairs = {
    'phpbb online': (
        "<div class=stat-block><h3>Who is online</h3><p>In total there are <strong>263</strong> users online :: 12 registered, 2 hidden and 249 guests (based on users active over the past 5 minutes)<br>Most users ever online was <strong>1433</strong> on Thu 15 Jan 2026, 04:11<br><br>Registered users: <a href='./memberlist.php?mode=viewprofile&u=2' class=username>dana_h</a>, <a href='./memberlist.php?mode=viewprofile&u=9' class=username>omar</a></p></div>",
        "<div class=stat-block><h3>Who is online</h3><p>In total there are <strong>271</strong> users online :: 10 registered, 1 hidden and 260 guests (based on users active over the past 5 minutes)<br>Most users ever online was <strong>1433</strong> on Thu 15 Jan 2026, 04:11<br><br>Registered users: <a href='./memberlist.php?mode=viewprofile&u=12' class=username>karim77</a>, <a href='./memberlist.php?mode=viewprofile&u=9' class=username>omar</a>, <a href='./memberlist.php?mode=viewprofile&u=31' class=username>lina</a></p></div>",
    ),
    'phpbb browsing': (
        '<div class=stat-block online-list><h3><a href=/online>Who is online</a></h3><p>Users browsing this forum: <a href=/u/1>Dana</a>, <a href=/u/8>Bing [Bot]</a> and 12 guests</p></div>',
        '<div class=stat-block online-list><h3><a href=/online>Who is online</a></h3><p>Users browsing this forum: <a href=/u/3>Omar</a>, Google [Bot] and 9 guests</p></div>',
    ),
    'xenforo online': (
        "<div class=block data-widget-key=forum_overview_members_online><div class=block-container><h3 class=block-minorHeader><a href=/online/>Members online</a></h3><div class=block-body><div class='block-row block-row--minor'><ul class='listInline listInline--comma'><li><a href=/members/dana.11/ class=username>Dana</a></li><li><a href=/members/omar.12/ class=username>Omar</a></li></ul></div></div><div class=block-footer><span class=block-footer-counter>Total:&nbsp;412 (members:&nbsp;14, guests:&nbsp;398)</span></div></div></div>",
        "<div class=block data-widget-key=forum_overview_members_online><div class=block-container><h3 class=block-minorHeader><a href=/online/>Members online</a></h3><div class=block-body><div class='block-row block-row--minor'><ul class='listInline listInline--comma'><li><a href=/members/karim.41/ class=username>Karim</a></li></ul></div></div><div class=block-footer><span class=block-footer-counter>Total:&nbsp;397 (members:&nbsp;10, guests:&nbsp;387)</span></div></div></div>",
    ),
    'forum statistics dl': (
        "<div class=block><h3 class=block-minorHeader>Forum statistics</h3><div class='block-body block-row'><dl class='pairs pairs--justified count--threads'><dt>Threads</dt><dd>12,301</dd></dl><dl class='pairs pairs--justified count--messages'><dt>Messages</dt><dd>101,344</dd></dl><dl class='pairs count--users'><dt>Members</dt><dd>4,311</dd></dl><dl class=pairs><dt>Latest member</dt><dd><a href=/members/lina.99/ class=username>Lina</a></dd></dl></div></div>",
        "<div class=block><h3 class=block-minorHeader>Forum statistics</h3><div class='block-body block-row'><dl class='pairs pairs--justified count--threads'><dt>Threads</dt><dd>12,302</dd></dl><dl class='pairs pairs--justified count--messages'><dt>Messages</dt><dd>101,351</dd></dl><dl class='pairs count--users'><dt>Members</dt><dd>4,312</dd></dl><dl class=pairs><dt>Latest member</dt><dd><a href=/members/rami.100/ class=username>Rami</a></dd></dl></div></div>",
    ),
    'phpbb statistics': (
        "<div class=stat-block><h3>Statistics</h3><p>Total posts <strong>101344</strong> &bull; Total topics <strong>12301</strong> &bull; Total members <strong>4311</strong> &bull; Our newest member <strong><a href='./memberlist.php?u=99'>lina</a></strong></p></div>",
        "<div class=stat-block><h3>Statistics</h3><p>Total posts <strong>101351</strong> &bull; Total topics <strong>12302</strong> &bull; Total members <strong>4312</strong> &bull; Our newest member <strong><a href='./memberlist.php?u=100'>rami</a></strong></p></div>",
    ),
    'discourse related': (
        '<div class=more-topics__container><h3>Related topics</h3><table class=topic-list><thead><tr><th>Topic</th><th>Replies</th><th>Views</th><th>Activity</th></tr></thead><tbody><tr class=topic-list-item><td><a href=/t/solar-pumps-for-wells/231>Solar pumps for wells</a></td><td>3</td><td>212</td><td>April 3, 2024</td></tr><tr class=topic-list-item><td><a href=/t/prices-of-wheat/98>Prices of wheat this year</a></td><td>14</td><td>1.2k</td><td>May 9, 2025</td></tr></tbody></table></div>',
        '<div class=more-topics__container><h3>Related topics</h3><table class=topic-list><thead><tr><th>Topic</th><th>Replies</th><th>Views</th><th>Activity</th></tr></thead><tbody><tr class=topic-list-item><td><a href=/t/school-buses-again/401>School buses again this week</a></td><td>7</td><td>98</td><td>June 3, 2026</td></tr><tr class=topic-list-item><td><a href=/t/prices-of-wheat/98>Prices of wheat this year</a></td><td>14</td><td>1.2k</td><td>May 9, 2025</td></tr></tbody></table></div>',
    ),
    'discourse suggested crawler': (
        "<div id=related-topics class=more-topics__list role=complementary><h3 class=more-topics__list-title>Related topics</h3><div class='topic-list-container' itemscope itemtype='http://schema.org/ItemList'><meta itemprop=itemListOrder content='http://schema.org/ItemListOrderDescending'><table class=topic-list><tbody><tr class='topic-list-item' id=topic-list-item-231><td class=main-link itemprop=itemListElement itemscope itemtype='http://schema.org/ListItem'><meta itemprop=position content=1><meta itemprop=url content='https://news.example/t/solar/231'><span class=link-top-line><a itemprop=item href='https://news.example/t/solar/231' class='title raw-link raw-topic-link'><span itemprop=name>Solar pumps for wells</span></a></span></td><td class=replies><span class=posts title=posts>3</span></td><td class=views><span class=views title=views>212</span></td><td>April 3, 2024</td></tr><tr class='topic-list-item' id=topic-list-item-98><td class=main-link itemprop=itemListElement itemscope itemtype='http://schema.org/ListItem'><meta itemprop=position content=2><meta itemprop=url content='https://news.example/t/wheat/98'><span class=link-top-line><a itemprop=item href='https://news.example/t/wheat/98' class='title raw-link raw-topic-link'><span itemprop=name>Prices of wheat this year</span></a></span></td><td class=replies><span class=posts title=posts>3</span></td><td class=views><span class=views title=views>212</span></td><td>April 3, 2024</td></tr></tbody></table></div></div>",
        "<div id=related-topics class=more-topics__list role=complementary><h3 class=more-topics__list-title>Related topics</h3><div class='topic-list-container' itemscope itemtype='http://schema.org/ItemList'><meta itemprop=itemListOrder content='http://schema.org/ItemListOrderDescending'><table class=topic-list><tbody><tr class='topic-list-item' id=topic-list-item-401><td class=main-link itemprop=itemListElement itemscope itemtype='http://schema.org/ListItem'><meta itemprop=position content=1><meta itemprop=url content='https://news.example/t/buses/401'><span class=link-top-line><a itemprop=item href='https://news.example/t/buses/401' class='title raw-link raw-topic-link'><span itemprop=name>School buses again this week</span></a></span></td><td class=replies><span class=posts title=posts>7</span></td><td class=views><span class=views title=views>98</span></td><td>June 3, 2026</td></tr><tr class='topic-list-item' id=topic-list-item-98><td class=main-link itemprop=itemListElement itemscope itemtype='http://schema.org/ListItem'><meta itemprop=position content=2><meta itemprop=url content='https://news.example/t/wheat/98'><span class=link-top-line><a itemprop=item href='https://news.example/t/wheat/98' class='title raw-link raw-topic-link'><span itemprop=name>Prices of wheat this year</span></a></span></td><td class=replies><span class=posts title=posts>3</span></td><td class=views><span class=views title=views>212</span></td><td>April 3, 2024</td></tr></tbody></table></div></div>",
    ),
    'github star': (
        "<ul class=pagehead-actions><li><a href=/login class='btn btn-sm' aria-label='You must be signed in to star a repository'>Star <span id=repo-stars-counter-star aria-label='1241 users starred this repository' title='1,241' class='Counter js-social-count'>1.2k</span></a></li><li><a href=/login>Fork <span id=repo-network-counter title='231' class=Counter>231</span></a></li></ul>",
        "<ul class=pagehead-actions><li><a href=/login class='btn btn-sm' aria-label='You must be signed in to star a repository'>Star <span id=repo-stars-counter-star aria-label='1252 users starred this repository' title='1,252' class='Counter js-social-count'>1.3k</span></a></li><li><a href=/login>Fork <span id=repo-network-counter title='233' class=Counter>233</span></a></li></ul>",
    ),
    'github 1.2k Star': (
        '<div><span>1.2k Star</span></div>',
        '<div><span>1.3k Star</span></div>',
    ),
    'github stars sidebar': (
        "<div class=mt-2><a href=/x/y/stargazers class='Link--muted'><svg class='octicon octicon-star'></svg> <strong>1.2k</strong> stars</a></div>",
        "<div class=mt-2><a href=/x/y/stargazers class='Link--muted'><svg class='octicon octicon-star'></svg> <strong>1.3k</strong> stars</a></div>",
    ),
    'weather bar': (
        '<div class=topbar><span class=weather-city>Damascus</span> <span>21°C</span> <span>Sunny</span></div>',
        '<div class=topbar><span class=weather-city>Damascus</span> <span>19°C</span> <span>Partly cloudy</span></div>',
    ),
    'weather bar arabic': (
        '<div class=top-bar><div class=weather>دمشق <b>٢١°</b> مشمس</div></div>',
        '<div class=top-bar><div class=weather>حلب <b>١٩°</b> غائم جزئيا</div></div>',
    ),
    'prayer times': (
        '<div class=prayer-times><h4>مواقيت الصلاة</h4><ul><li>الفجر 04:51</li><li>الظهر 11:24</li><li>العصر 14:11</li></ul></div>',
        '<div class=prayer-times><h4>مواقيت الصلاة</h4><ul><li>الفجر 04:52</li><li>الظهر 11:25</li><li>العصر 14:11</li></ul></div>',
    ),
    'prayer next': (
        '<div class=topbar><span>صلاة الظهر بعد 01:24:10</span></div>',
        '<div class=topbar><span>صلاة الظهر بعد 01:17:02</span></div>',
    ),
    'country topbar': (
        '<div class=topbar>You are visiting from Germany. <a href=/de>Switch to Germany</a></div>',
        '<div class=topbar>You are visiting from France. <a href=/fr>Switch to France</a></div>',
    ),
    'country topbar ship': (
        '<header><div class=ship-to>Ship to: <b>Germany</b> / EUR</div></header>',
        '<header><div class=ship-to>Ship to: <b>United States</b> / USD</div></header>',
    ),
    'page gen': (
        '<p>Page generated in 0.12 s</p>',
        '<p>Page generated in 0.31 s</p>',
    ),
    'page gen label': (
        '<div class=debug>Render time: 0.12 s</div>',
        '<div class=debug>Render time: 0.31 s</div>',
    ),
    'page gen label2': (
        '<div>Execution time: 0.121 seconds, 23 queries</div>',
        '<div>Execution time: 0.188 seconds, 24 queries</div>',
    ),
    'page gen label3': (
        '<div><span>Load time</span> <b>0.12 s</b></div>',
        '<div><span>Load time</span> <b>0.31 s</b></div>',
    ),
    'page gen phpbb': (
        '<p>Time: 0.034s | Peak Memory Usage: 3.1 MiB | GZIP: Off</p>',
        '<p>Time: 0.051s | Peak Memory Usage: 3.2 MiB | GZIP: Off</p>',
    ),
    'page gen smf': (
        '<p>Page created in 0.061 seconds with 22 queries.</p>',
        '<p>Page created in 0.091 seconds with 22 queries.</p>',
    ),
    'page gen fr': (
        '<p>Page générée en 0,12 seconde</p>',
        '<p>Page générée en 0,22 seconde</p>',
    ),
    'page gen ar': (
        '<p>تم إنشاء الصفحة في 0.12 ثانية</p>',
        '<p>تم إنشاء الصفحة في 0.22 ثانية</p>',
    ),
    'page gen dl': (
        '<dl><dt>Page rendered in</dt><dd>0.12 s</dd></dl>',
        '<dl><dt>Page rendered in</dt><dd>0.31 s</dd></dl>',
    ),
    'page gen mediawiki': (
        '<p>Served in 0.12 secs by mw1412</p>',
        '<p>Served in 0.31 secs by mw1380</p>',
    ),
    'subscribe to X': (
        '',
        '<div><p>Subscribe to The Observer</p><p>Enter your email to receive The Observer in your inbox.</p></div>',
    ),
    'sub to X sub': (
        '',
        '<div class=wp-block-jetpack-subscriptions>Subscribe to The Observer Weekly</div>',
    ),
    'subscribe discover wp': (
        '',
        '<div class=wp-block-jetpack-subscription-modal><h2>Discover more from The Observer</h2><p>Subscribe now to keep reading and get access to the full archive.</p><button>Continue reading</button></div>',
    ),
    'app promotion': (
        '',
        "<div class=app-banner><img src=/ph.gif alt=''><p>Read this story in The Observer app</p><a href='https://play.example/store/apps?id=1'>Open</a></div>",
    ),
    'app promotion 2': (
        '',
        '<div><p>Get the Observer app</p><p>Faster, free, with breaking news alerts.</p></div>',
    ),
    'app promotion ar': (
        '',
        '<div><p>حمل تطبيقنا الآن</p></div>',
    ),
    'ab side heading': (
        '<aside><h3>Most read</h3><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ul></aside>',
        "<aside><h3>Readers' choice</h3><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ul></aside>",
    ),
    'ab side heading 2': (
        '<div class=sidebar><h4>You may also like</h4><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ul></div>',
        '<div class=sidebar><h4>More for you</h4><ul><li><a href=/n/1>Rain is expected in the north</a></li><li><a href=/n/2>School year begins late again</a></li></ul></div>',
    ),
    'drupal views': (
        '<div class=\'view view-id-news js-view-dom-id-8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a\'><script type=application/json data-drupal-selector=drupal-settings-json>{"views":{"ajaxViews":{"views_dom_id:8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a":{"view_name":"news","view_dom_id":"8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a"}}},"user":{"uid":0,"permissionsHash":"aa12"}}</script></div>',
        '<div class=\'view view-id-news js-view-dom-id-1b3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3b\'><script type=application/json data-drupal-selector=drupal-settings-json>{"views":{"ajaxViews":{"views_dom_id:1b3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3b":{"view_name":"news","view_dom_id":"1b3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c0d9e8f3b"}}},"user":{"uid":0,"permissionsHash":"aa12"}}</script></div>',
    ),
    'drupal 7 extend': (
        '<script>jQuery.extend(Drupal.settings, {"views":{"ajaxViews":{"views_dom_id:8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c":{"view_name":"news","view_dom_id":"8f3a2b1c0d9e8f3a2b1c0d9e8f3a2b1c"}}},"basePath":"\\/"});</script>',
        '<script>jQuery.extend(Drupal.settings, {"views":{"ajaxViews":{"views_dom_id:aa3a2b1c0d9e8f3a2b1c0d9e8f3a2b1d":{"view_name":"news","view_dom_id":"aa3a2b1c0d9e8f3a2b1c0d9e8f3a2b1d"}}},"basePath":"\\/"});</script>',
    ),
    'captcha_sid': (
        "<form><input type=hidden name=captcha_sid value=4471><input type=hidden name=captcha_token value=3af19c2d71ab8f3ce21f9a11c0de7734><img src='/image_captcha?sid=4471&amp;ts=1795946400' alt='Image CAPTCHA'></form>",
        "<form><input type=hidden name=captcha_sid value=4483><input type=hidden name=captcha_token value=be8811c2d71ab8f3ce21f9a11c0de7799><img src='/image_captcha?sid=4483&amp;ts=1795946820' alt='Image CAPTCHA'></form>",
    ),
    'sessionStart': (
        '<script>var sessionStart=1795946400123;</script>',
        '<script>var sessionStart=1795946820456;</script>',
    ),
    'sessionStart json': (
        '<script type=application/json>{"sessionStart":1795946400123,"reqId":"a81f20cc91"}</script>',
        '<script type=application/json>{"sessionStart":1795946820456,"reqId":"77c1e90b12"}</script>',
    ),
    'performance_start': (
        '<script>window.performance_start=1795946400.123;</script>',
        '<script>window.performance_start=1795946820.456;</script>',
    ),
    'reqId': (
        "<script>window.__reqId='a81f20cc91';</script>",
        "<script>window.__reqId='77c1e90b12';</script>",
    ),
    'reqId json': (
        '<script>window.APP={"reqId":"a81f20cc","performanceStart":1795946400.12};</script>',
        '<script>window.APP={"reqId":"b71f90dd","performanceStart":1795946820.98};</script>',
    ),
    'comment form': (
        '<section id=comments><h2>Comments</h2><p>No comments yet</p></section>',
        "<section id=comments><h2>1 Comment</h2><ol><li id=comment-7 class=comment><cite>Rami</cite> <time datetime='2026-11-29T10:04:00Z'>29 November 2026 at 10:04</time><p>May they rest in peace.</p></li></ol></section>",
    ),
    'comment form wp': (
        '<div id=respond class=comment-respond><h3 id=reply-title>Be the first to comment</h3><form id=commentform><textarea name=comment></textarea></form></div>',
        "<div id=comments><h2 class=comments-title>One thought on “Strike on hospital in Old Town kills 37”</h2><ol class=comment-list><li id=comment-7 class='comment even'><article id=div-comment-7><b class=fn>Rami</b> <time datetime='2026-11-29T10:04:00+00:00'>November 29, 2026 at 10:04 am</time><p>May they rest in peace.</p><a rel=nofollow href='/article?replytocom=7#respond' aria-label='Reply to Rami'>Reply</a></article></li></ol></div><div id=respond class=comment-respond><h3 id=reply-title>Leave a Reply</h3><form id=commentform><textarea name=comment></textarea></form></div>",
    ),
    'views arabic digits': (
        '<span class=post-views>المشاهدات ١٬٢٠٤</span>',
        '<span class=post-views>المشاهدات ١٬٢٣١</span>',
    ),
    'views arabic mixed': (
        '<span>1204 مشاهدة</span>',
        '<span>١٢٣١ مشاهدة</span>',
    ),
    'views arabic reads': (
        '<span>عدد القراءات: ٣٤١</span>',
        '<span>عدد القراءات: ٣٤٩</span>',
    ),
    'views arabic visits': (
        '<span>قرأ هذا الخبر ٣٤١ مرة</span>',
        '<span>قرأ هذا الخبر ٣٤٩ مرة</span>',
    ),
    'views words': (
        '<span>مشاهدتان</span>',
        '<span>٣ مشاهدات</span>',
    ),
    'views thousand words': (
        '<span>1.2 ألف مشاهدة</span>',
        '<span>1.3 ألف مشاهدة</span>',
    ),
    'rel time en': (
        '<span>3 hours ago</span>',
        '<span>4 hours ago</span>',
    ),
    'rel time ar': (
        '<span>منذ ٣ دقائق</span>',
        '<span>منذ ١٠ دقائق</span>',
    ),
    'rel time ar2': (
        '<span>قبل 3 دقائق</span>',
        '<span>قبل 10 دقائق</span>',
    ),
    'rel time ar hours': (
        '<span>منذ ٣ ساعات</span>',
        '<span>منذ ٣ ساعات</span> ',
    ),
    'rel time ar dual': (
        '<span>منذ 59 دقيقة</span>',
        '<span>منذ ساعة</span>',
    ),
    'rel time ar dual2': (
        '<span>منذ ساعة واحدة</span>',
        '<span>منذ ساعتين</span>',
    ),
    'rel time article': (
        '<article><h2>Note</h2><p>Posted 55 minutes ago</p></article>',
        '<article><h2>Note</h2><p>Posted 1 hour ago</p></article>',
    ),
    'cookie banner': (
        '',
        '<div class=cmplz-cookiebanner><p>To provide the best experiences, we use technologies like cookies to store and/or access device information.</p><button>Accept</button><button>Deny</button></div>',
    ),
    'cookie banner ar': (
        '',
        '<div id=cookie-notice>يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك <button>موافق</button></div>',
    ),
    'cookie banner unnamed': (
        '',
        '<div><p>This site uses cookies to offer you a better browsing experience.</p><button>OK</button></div>',
    ),
    'recommendations': (
        '<section class=recommended><h3>Recommended</h3><article><a href=/n/1><img src=/img/b.jpg>Rain is expected in the north</a></article><article><a href=/n/2>School year begins late again</a></article></section>',
        '<section class=recommended><h3>Recommended</h3><article><a href=/n/3><img src=/logo.png>New bridge opened over the river</a></article><article><a href=/n/2>School year begins late again</a></article></section>',
    ),
    'ticker': (
        '<div class=breaking-ticker><span>عاجل</span><marquee><a href=/n/1>افتتاح جسر جديد فوق النهر</a> <a href=/n/2>بدء العام الدراسي الجديد</a></marquee></div>',
        '<div class=breaking-ticker><span>عاجل</span><marquee><a href=/n/3>ارتفاع أسعار الخبز في العاصمة</a> <a href=/n/1>افتتاح جسر جديد فوق النهر</a></marquee></div>',
    ),
    'ticker no links': (
        '<div class=news-ticker><ul><li>New bridge opened over the river</li><li>School year begins late</li></ul></div>',
        '<div class=news-ticker><ul><li>Bread prices rise in the capital</li><li>New bridge opened over the river</li></ul></div>',
    ),
    'server names': (
        '<footer>Server: web-03</footer>',
        '<footer>Server: web-11</footer>',
    ),
    'server meta': (
        '<meta name=server content=fe12.prod.example>',
        '<meta name=server content=fe07.prod.example>',
    ),
    'edge id': (
        '<footer>Edge: AMS1-C1 | Ray ID: 8f3a2b1c0d9e8f3a</footer>',
        '<footer>Edge: CDG3-P2 | Ray ID: 91aa2b1c0d9e8f3b</footer>',
    ),
    'edge json': (
        '<script type=application/json>{"config":{"pop":"AMS1-C1","edge":"cache-ams21"}}</script>',
        '<script type=application/json>{"config":{"pop":"CDG50-P2","edge":"cache-cdg77"}}</script>',
    ),
    'csp nonce meta': (
        '<meta http-equiv=Content-Security-Policy content="script-src \'nonce-r4nd0mAbC123==\'">',
        '<meta http-equiv=Content-Security-Policy content="script-src \'nonce-zz9XYqw77Kpl==\'">',
    ),
    'csp nonce js': (
        "<script>__webpack_nonce__='r4nd0mAbC123xyz';</script>",
        "<script>__webpack_nonce__='zz9XYqw77Kplm00';</script>",
    ),
    'csp nonce style': (
        '<style nonce=r4nd0mAbC123>p{color:black}</style><link rel=preload nonce=r4nd0mAbC123 href=/a.js as=script>',
        '<style nonce=zz9XYqw77Kpl>p{color:black}</style><link rel=preload nonce=zz9XYqw77Kpl href=/a.js as=script>',
    ),
    'csp nonce data': (
        "<div data-csp-nonce='r4nd0mAbC123xyz'></div><div data-style-nonce='r4nd0mAbC123xyz'></div>",
        "<div data-csp-nonce='zz9XYqw77Kplm00'></div><div data-style-nonce='zz9XYqw77Kplm00'></div>",
    ),
    'csp nonce json': (
        '<script type=application/json>{"cspNonce":"r4nd0mAbC123xyz","nonce":"r4nd0mAbC123xyz"}</script>',
        '<script type=application/json>{"cspNonce":"zz9XYqw77Kplm00","nonce":"zz9XYqw77Kplm00"}</script>',
    ),
    'cfemail': (
        "<p>Contact <a href='/cdn-cgi/l/email-protection' class=__cf_email__ data-cfemail=1f7e73765f6a71317a677e726f737a>[email&#160;protected]</a></p>",
        "<p>Contact <a href='/cdn-cgi/l/email-protection' class=__cf_email__ data-cfemail=2d4c41446d58430348554c405d4148>[email&#160;protected]</a></p>",
    ),
    'cfemail script': (
        "<script data-cfasync=false src='/cdn-cgi/scripts/5c5dd728/cloudflare-static/email-decode.min.js'></script>",
        "<script data-cfasync=false src='/cdn-cgi/scripts/7d0fa10a/cloudflare-static/email-decode.min.js'></script>",
    ),
    'reordered attributes': (
        '<p class=a id=b title=x data-k=1>Text of a note</p>',
        '<p data-k=1 title=x id=b class=a>Text of a note</p>',
    ),
    'css modules': (
        "<div class='Card_root__a1B2c'><p class='Card_text__Zz9x1'>Text of a note</p></div><style>.Card_root__a1B2c{display:flex}.Card_text__Zz9x1{text-transform:none;color:#111}</style>",
        "<div class='Card_root__q7R8s'><p class='Card_text__Zz9x1'>Text of a note</p></div><style>.Card_root__q7R8s{display:flex}.Card_text__Zz9x1{text-transform:none;color:#111}</style>",
    ),
    'styled': (
        "<div class='sc-bdVaJa kUiZxY'>Text of a note</div><style>.kUiZxY{display:flex;order:1}</style>",
        "<div class='sc-bdVaJa gHtRwe'>Text of a note</div><style>.gHtRwe{display:flex;order:1}</style>",
    ),
    'lazy': (
        "<img src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' data-src=/img/b.jpg>",
        '<img src=/img/b.jpg data-src=/img/b.jpg>',
    ),
    'lazy noscript': (
        '<img class=lazy src=/ph.gif data-src=/img/b.jpg><noscript><img src=/img/b.jpg></noscript>',
        '<img src=/img/b.jpg>',
    ),
    'lazy svg': (
        '<img src="data:image/svg+xml,%3Csvg%20xmlns=\'http://www.w3.org/2000/svg\'%20viewBox=\'0%200%20640%20480\'%3E%3C/svg%3E" data-lazy-src=/img/b.jpg>',
        '<img src=/img/b.jpg>',
    ),
    'srcset': (
        "<img src=/img/b.jpg srcset='/img/b-300x200.jpg 300w, /img/b-768x512.jpg 768w'>",
        "<img src=/img/b.jpg srcset='/img/b-300x200.jpg 300w, /img/b-1024x683.jpg 1024w'>",
    ),
    'srcset webp': (
        '<img src=/img/b.jpg>',
        "<picture><source type=image/webp srcset='/img/b.webp 1x'><img src=/img/b.jpg></picture>",
    ),
    'ad slots': (
        '<div id=div-gpt-ad-171 class=ad-slot></div>',
        "<div id=div-gpt-ad-171 class=ad-slot><iframe src='https://tpc.googlesyndication.com/safeframe/1-0-40/html/container.html'></iframe></div>",
    ),
    'ad unnamed': (
        "<aside><a href='https://ad.doubleclick.net/clk;1'><img src='https://s0.2mdn.net/1.jpg'></a></aside>",
        "<aside><a href='https://ad.doubleclick.net/clk;2'><img src='https://s0.2mdn.net/2.jpg'></a></aside>",
    ),
    'share counts': (
        '<div class=share-bar><span class=count>41</span> Shares</div>',
        '<div class=share-bar><span class=count>52</span> Shares</div>',
    ),
    'share counts 2': (
        "<ul class=social-share><li><a href='https://facebook.example/sharer'>Facebook <b>41</b></a></li></ul>",
        "<ul class=social-share><li><a href='https://facebook.example/sharer'>Facebook <b>52</b></a></li></ul>",
    ),
    'related posts': (
        '<div class=jp-relatedposts><h3>Related</h3><div><a href=/n/1>Rain is expected in the north</a><p>March 3, 2024</p><p>In "Weather"</p></div><div><a href=/n/2>School year begins late again</a><p>May 3, 2023</p><p>In "School"</p></div></div>',
        '<div class=jp-relatedposts><h3>Related</h3><div><a href=/n/3>New bridge opened over the river</a><p>June 9, 2025</p><p>In "Building"</p></div><div><a href=/n/2>School year begins late again</a><p>May 3, 2023</p><p>In "School"</p></div></div>',
    ),
    'single related': (
        '<div class=related-post><a href=/n/1>Rain is expected in the north</a></div>',
        '<div class=related-post><a href=/n/3>New bridge opened over the river</a></div>',
    ),
    'cf rocket': (
        "<script src='/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js' data-cf-settings='3f1a9b2c4d5e6f708192a3b4-|49' defer></script>",
        "<script src='/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js' data-cf-settings='aa1a9b2c4d5e6f708192a3bb-|49' defer></script>",
    ),
    'cf type': (
        "<script type='3f1a9b2c4d5e6f708192a3b4-text/javascript'>var a=1;</script>",
        "<script type='aa1a9b2c4d5e6f708192a3bb-text/javascript'>var a=1;</script>",
    ),
}  # fmt: skip

LATER_ATTACKED: Pairs = {
    "hits below a heading": ("<aside><h2>Blog Stats</h2><ul><li>120,441 hits</li></ul></aside>", "<aside><h2>Blog Stats</h2><ul><li>120,502 hits</li></ul></aside>"),
    "work of a server in one": ("<footer><p>© 2026</p></footer>", "<footer><p>© 2026</p><p>45 queries in 0.312 seconds.</p></footer>"),
    "buttons for sharing in one": ("", "<div class=sd-block><h3>Share this:</h3><ul><li><a href='https://twitter.com/share'>Twitter</a></li><li><a href='https://facebook.com/share'>Facebook</a></li></ul></div>"),
    "prayer in one": ("", "<div class=prayer-times><h4>مواقيت الصلاة</h4><span>الفجر 04:51</span></div>"),
    "digits of a form": ("<form><input type=hidden name=jazoest value=2931></form>", "<form><input type=hidden name=jazoest value=2899></form>"),
    "signed view of a post": (
        "<div data-post=hama/811 data-view=eyJjIjotMTAwMSwicCI6ODExLCJ0IjoxNzk1OTQ2NDAwLCJoIjoiYWFhMTExYmJiIn0>Shells fell</div>",
        "<div data-post=hama/811 data-view=eyJjIjotMTAwMSwicCI6ODExLCJ0IjoxNzk1OTQ2ODIwLCJoIjoiY2NjMTExZGRkIn0>Shells fell</div>",
    ),
    "another heading of a form": ("<section class=newsletter><h3>Stay informed</h3></section>", "<section class=newsletter><h3>Join our mailing list</h3></section>"),
    "post of a channel that came": (
        "<div data-post=hama/811><p>Shells fell</p><time datetime=2018-05-04T07:12:44+00:00>07:12</time></div>",
        "<div data-post=hama/811><p>Shells fell</p><time datetime=2018-05-04T07:12:44+00:00>07:12</time></div><div data-post=hama/812><p>Rain is expected</p><time datetime=2026-11-29T10:05:00+00:00>10:05</time></div>",
    ),
    "scripts that Drupal loaded": ('<script type=application/json>{"ajaxPageState":{"libraries":"eJxLzUtMz"}}</script>', '<script type=application/json>{"ajaxPageState":{"libraries":"eJyFj0sOgzAM"}}</script>'),
    "cookie law info": ("", "<div class=bar3><p>This website uses cookies to improve your experience. We'll assume you're ok with this, but you can opt-out if you wish. Cookie settings ACCEPT</p></div>"),
    "cookie notice": ("", "<div class=bar3><p>We use cookies to ensure that we give you the best experience on our website. If you continue to use this site we will assume that you are happy with it. Ok Privacy policy</p></div>"),
    "cookies of a blog": ("", "<div class=bar3><p>Privacy & Cookies: This site uses cookies. By continuing to use this website, you agree to their use. To find out more, including how to control cookies, see here: Cookie Policy Close and accept</p></div>"),
    "cookieyes": ("", "<div class=bar3><p>We use cookies on our website to give you the most relevant experience by remembering your preferences and repeat visits. However, you may visit Cookie Settings to provide a controlled consent. Accept All</p></div>"),
    "onetrust": ("", "<div class=bar3><p>By clicking “Accept All Cookies”, you agree to the storing of cookies on your device to enhance site navigation, analyze site usage, and assist in our marketing efforts. Reject All</p></div>"),
    "quantcast": ("", "<div class=bar3><p>We and our partners store and/or access information on a device, such as cookies and process personal data, such as unique identifiers and standard information sent by a device for personalised ads and content, and audience insights, as well as to develop and improve products.</p></div>"),
    "complianz": ("", "<div class=bar3><p>To provide the best experiences, we use technologies like cookies to store and/or access device information. Not consenting or withdrawing consent, may adversely affect certain features and functions.</p></div>"),
    "cookiebot": ("", "<div class=bar3><p>We use cookies to personalise content and ads. We also share information about your use of our site with our partners who may combine it with other information that you’ve provided to them or that they’ve collected from your use of their services.</p></div>"),
    "borlabs": ("", "<div class=bar3><p>Wir benötigen Ihre Zustimmung, bevor Sie unsere Website weiter besuchen können. Wir verwenden Cookies und andere Technologien auf unserer Website. Alle akzeptieren</p></div>"),
    "cookies in French": ("", "<div class=bar3><p>Nous utilisons des cookies pour vous garantir la meilleure expérience sur notre site web. Si vous continuez à utiliser ce site, nous supposerons que vous en êtes satisfait. OK En savoir plus</p></div>"),
    "cookies in Spanish": ("", "<div class=bar3><p>Utilizamos cookies para asegurar que damos la mejor experiencia al usuario en nuestra web. Si sigues utilizando este sitio asumiremos que estás de acuerdo. Vale</p></div>"),
    "cookies in Arabic": ("", "<div class=bar3><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا. باستمرارك في تصفح الموقع فإنك توافق على استخدامها. موافق</p></div>"),
    "notifications": ("", "<div class=bar3><p>Subscribe to push notifications: We'd like to notify you about the latest updates. You can unsubscribe from notifications anytime. Allow Cancel</p></div>"),
    "encoded identifier of a visit": (
        "<script>var ytcfg={};ytcfg.set({'VISITOR_DATA':'x'});window.cfg={\"client\":{\"visitorData\":\"N2U4NGM3NjY1NDBmNTE4N2JkY2JiOGI2\"}};</script>",
        "<script>var ytcfg={};ytcfg.set({'VISITOR_DATA':'x'});window.cfg={\"client\":{\"visitorData\":\"ZTgyZmY4Yzg4N2Y2OWNlNTA4MDRlZGNk\"}};</script>",
    ),
    "encoded state of a form": (
        "<form><input type=hidden name=__VIEWSTATE value=MjFlMzI1OGQxYmZmMmEwZjcyYTEwZTMzZWMyMjAy></form>",
        "<form><input type=hidden name=__VIEWSTATE value=MTdiMjJiNDVhZjJmYTM4ZGI0OTQwMzQ0N2I1NWM4></form>",
    ),
    "where a link to a profile was": ("<a href='https://social.example/hama?__tn__=7601bed2'>Hama Press</a>", "<a href='https://social.example/hama?__tn__=a4154b95'>Hama Press</a>"),
    "token of a pipe": ("<script>send({\"ajaxpipe_token\":\"AX3c4b2d375230d8\"});</script>", "<script>send({\"ajaxpipe_token\":\"AXf4049395918aee\"});</script>"),
    "number of a visitor": ("<p>You are visitor number 88010</p>", "<p>You are visitor number 88042</p>"),
    "more of somebody": ("", "<div role=dialog><p>See more from Old Town hospital on Facebook</p></div>"),
}  # fmt: skip

HONEST: dict[str, Pairs] = {
    "counters": COUNTERS, "times": TIMES, "delivery": DELIVERY, "advertising": ADVERTISING, "dialogs": DIALOGS, "around": AROUND,
    "sites": SITES,
    "platforms": PLATFORMS,
    "widgets": WIDGETS,
    "later sites": LATER_SITES,
    "rest": REST,
    "in its place": IN_ITS_PLACE,
    "of programs": OF_PROGRAMS,
    "attacked": ATTACKED,
    "later attacked": LATER_ATTACKED,
}  # fmt: skip
