"""What an honest server sends two readers otherwise: no pair of these pages contradicts, each change alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, HEAD, MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence, page

CLOUDFLARE = (
    "<script>(function(){function c(){var b=a.contentDocument||a.contentWindow.document;if(b){var d=b.createElement('script');"
    "d.innerHTML=\"window.__CF$cv$params={r:'%s',t:'%s'};var a=document.createElement('script');a.src='/cdn-cgi/main.js';"
    "document.getElementsByTagName('head')[0].appendChild(a);\";b.getElementsByTagName('head')[0].appendChild(d)}}})();</script>"
)
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

BELOW = {
    "ins adsense": (
        "<ins class=adsbygoogle data-ad-client=ca-1><a href=https://a.example/1>Cars</a></ins>",
        "<ins class=adsbygoogle data-ad-client=ca-1><a href=https://b.example/2>Boats</a></ins>",
    ),
    "ad iframe": (
        "<div class=advert><iframe src='https://securepubads.doubleclick.net/x?c=1'></iframe></div>",
        "<div class=advert><iframe src='https://tpc.googlesyndication.com/y?c=2'></iframe></div>",
    ),
    "ad image and text": (
        "<div class=sponsored><img src=https://x.example/1.jpg alt='Buy cars'><p>Great cars from 99 EUR</p></div>",
        "<div class=sponsored><img src=https://y.example/2.jpg alt='Fly away'><p>Fly to Rome for 29 EUR</p></div>",
    ),
    "views k": ("<span class=views>1.2K</span>", "<span class=views>1.3K</span>"),
    "views fr": ("<p>1 234 vues</p>", "<p>1 301 vues</p>"),
    "views ar digits": ("<p>٥٬٤٣٢ مشاهدة</p>", "<p>٥٬٤٤١ مشاهدة</p>"),
    "seen times ar": ("<p>شوهد 5432 مرة</p>", "<p>شوهد 5440 مرة</p>"),
    "read times": ("<p>Read 5,432 times</p>", "<p>Read 5,440 times</p>"),
    "people read": ("<p>5,432 people have read this</p>", "<p>5,440 people have read this</p>"),
    "people reading now": ("<p>43 people are reading this now</p>", "<p>57 people are reading this now</p>"),
    "rating": ("<div class=rating>4.3/5 (120 votes)</div>", "<div class=rating>4.4/5 (121 votes)</div>"),
    "share button": ("<a class=share href='/share?x=1'>Share <span>12</span></a>", "<a class=share href='/share?x=1'>Share <span>15</span></a>"),
    "comments link": ("<a href='#comments'>12 Comments</a>", "<a href='#comments'>13 Comments</a>"),
    "min ago": ("<p class=ts>Posted 3 minutes ago</p>", "<p class=ts>Posted 10 minutes ago</p>"),
    "min ago to hour": ("<p>58 minutes ago</p>", "<p>1 hour ago</p>"),
    "an hour ago": ("<p>58 minutes ago</p>", "<p>an hour ago</p>"),
    "just now": ("<p>Just now</p>", "<p>7 minutes ago</p>"),
    "ar ago": ("<p>منذ ٣ دقائق</p>", "<p>منذ ١٠ دقائق</p>"),
    "ar ago words": ("<p>قبل 5 ساعات</p>", "<p>قبل 5 ساعات</p>"),
    "fr ago": ("<p>il y a 3 minutes</p>", "<p>il y a 10 minutes</p>"),
    "time datetime now": ("<time datetime='2026-11-29T10:00:03Z'>10:00</time>", "<time datetime='2026-11-29T10:07:03Z'>10:07</time>"),
    "clock iso data": ("<span id=clock data-now='1795946400'>10:00</span>", "<span id=clock data-now='1795946820'>10:07</span>"),
    "wp nonce link": (
        "<a href='/wp-login.php?action=logout&_wpnonce=8f3a9c2e11'>Log out</a>",
        "<a href='/wp-login.php?action=logout&_wpnonce=77ab00c1ff'>Log out</a>",
    ),
    "aspnet session path": ("<a href='/(S(abc12defghi34jklmnop56qr))/x.aspx'>More</a>", "<a href='/(S(zzz12defghi34jklmnop56qr))/x.aspx'>More</a>"),
    "phpsessid": ("<a href='/p.php?id=5&PHPSESSID=8f3a9c2e11aabb'>More</a>", "<a href='/p.php?id=5&PHPSESSID=77ab00c1ff99'>More</a>"),
    "csrf meta": ("<meta name=csrf-token content=aaa1>", "<meta name=csrf-token content=bbb2>"),
    "cf email": (
        "<a href='/cdn-cgi/l/email-protection#8feecfeda1eaf7eee2ffe3ea'>[email&#160;protected]</a><a class=__cf_email__ data-cfemail=aac9eace84cfd2cbc7dac6cf>[email]</a>",
        "<a href='/cdn-cgi/l/email-protection#117051733f7469707c617d74'>[email&#160;protected]</a><a class=__cf_email__ data-cfemail=bbd8fbdf95dec3dad6cbd7de>[email]</a>",
    ),
    "cloudflare jsd": (
        '<script>(function(){function c(){var b=a.contentDocument||a.contentWindow.document;if(b){var d=b.createElement(\'script\');d.innerHTML="window.__CF$cv$params={r:\'9a5b1c2d3e4f5a6b\',t:\'MTc2NDQxMDQwMA==\'};var a=document.createElement(\'script\');a.src=\'/cdn-cgi/challenge-platform/scripts/jsd/main.js\';document.getElementsByTagName(\'head\')[0].appendChild(a);";b.getElementsByTagName(\'head\')[0].appendChild(d)}}if(document.body){var a=document.createElement(\'iframe\');a.height=1;a.width=1;a.style.position=\'absolute\';document.body.appendChild(a);c()}})();</script>',
        '<script>(function(){function c(){var b=a.contentDocument||a.contentWindow.document;if(b){var d=b.createElement(\'script\');d.innerHTML="window.__CF$cv$params={r:\'9a5b1c2d3e4f5aff\',t:\'MTc2NDQxMDgyMC4wMDAwMDA=\'};var a=document.createElement(\'script\');a.src=\'/cdn-cgi/challenge-platform/scripts/jsd/main.js\';document.getElementsByTagName(\'head\')[0].appendChild(a);";b.getElementsByTagName(\'head\')[0].appendChild(d)}}if(document.body){var a=document.createElement(\'iframe\');a.height=1;a.width=1;a.style.position=\'absolute\';document.body.appendChild(a);c()}})();</script>',
    ),
    "newrelic": (
        '<script>window.NREUM||(NREUM={});NREUM.info={"beacon":"bam.nr-data.net","transactionName":"abc","queueTime":3,"applicationTime":120,"atts":"ShVQEw=="}</script>',
        '<script>window.NREUM||(NREUM={});NREUM.info={"beacon":"bam.nr-data.net","transactionName":"abc","queueTime":0,"applicationTime":98,"atts":"AhVQE3w=="}</script>',
    ),
    "next data": (
        '<script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{"article":{"id":55,"title":"Strike on hospital","deaths":37},"views":1200,"now":1795946400123,"bucket":"A"}},"buildId":"k3jH2-abc9X"}</script>',
        '<script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{"article":{"id":55,"title":"Strike on hospital","deaths":37},"views":1240,"now":1795946820456,"bucket":"B"}},"buildId":"k3jH2-abc9X"}</script>',
    ),
    "related divs": (
        "<section class='more-stories'><h2>More stories</h2><a href=/s1>Bread prices rise</a><a href=/s2>Rain expected</a></section>",
        "<section class='more-stories'><h2>More stories</h2><a href=/s3>Football final tonight</a><a href=/s2>Rain expected</a></section>",
    ),
    "related on topic": (
        "<aside class=related><a href=/s1>Death toll of hospital strike in Old Town rises</a></aside>",
        "<aside class=related><a href=/s2>Hospital strike: what we know about the missile</a></aside>",
    ),
    "related summary": (
        "<ul class='related-posts'><li><a href=/s1>Bread prices rise</a><p>Bakers say flour is short.</p></li></ul>",
        "<ul class='related-posts'><li><a href=/s3>Football final</a><p>Two teams meet tonight.</p></li></ul>",
    ),
    "most read list": (
        "<div class=most-read><ol><li><a href=/s1>Bread</a></li><li><a href=/s2>Rain</a></li></ol></div>",
        "<div class=most-read><ol><li><a href=/s2>Rain</a></li><li><a href=/s1>Bread</a></li></ol></div>",
    ),
    "related ar": (
        "<div id='related'><h3>أخبار ذات صلة</h3><a href=/s1>ارتفاع أسعار الخبز</a></div>",
        "<div id='related'><h3>أخبار ذات صلة</h3><a href=/s2>نتائج كرة القدم</a></div>",
    ),
    "sidebar list": (
        "<aside><h3>Headlines</h3><ul><li><a href=/s1>Bread prices rise</a></li></ul></aside>",
        "<aside><h3>Headlines</h3><ul><li><a href=/s3>Football final tonight</a></li></ul></aside>",
    ),
    "teaser thumbs": (
        "<aside class=related><a href=/s1><img src=/t1.jpg alt='Bread'>Bread prices rise</a></aside>",
        "<aside class=related><a href=/s3><img src=/t3.jpg alt='Ball'>Football final</a></aside>",
    ),
    "ab script": ("<script>window.abVariant='control';</script>", "<script>window.abVariant='treatment';</script>"),
    "absolute links http www": (
        "<p><a href='https://news.example/about'>About us</a></p>",
        "<p><a href='http://www.news.example/about'>About us</a></p>",
    ),
    "img http uncaptured": ("<img src='https://news.example/x9.jpg'>", "<img src='http://www.news.example/x9.jpg'>"),
    "cookie banner no link": (
        "<div id=cookie-consent><p>We use cookies to improve your experience.</p><button>Accept all</button><button>Reject</button></div>",
        "",
    ),
    "cookie banner didomi": (
        "<div id='didomi-host'><div role=dialog>We and our partners store data on your device. <button>Agree and close</button></div></div>",
        "",
    ),
    "cookiebot": (
        "<div id=CybotCookiebotDialog><h2>This website uses cookies</h2><p>We use cookies to personalise content and ads, to provide social media features and to analyse our traffic.</p><a href=#>Details</a></div>",
        "",
    ),
    "cookie ar": ("<div class=cookie-notice><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك</p><button>موافق</button></div>", ""),
    "cookie fr/en": ("<div class=cookie-notice><p>Nous utilisons des cookies</p></div>", "<div class=cookie-notice><p>We use cookies</p></div>"),
    "geo footer": (
        "<footer><span class=geo>Your location: France</span> <span class=currency>EUR €</span></footer>",
        "<footer><span class=geo>Your location: Germany</span> <span class=currency>USD $</span></footer>",
    ),
    "price offer": (
        "<aside class=subscribe><p>Subscribe from €1.00 a week</p></aside>",
        "<aside class=subscribe><p>Subscribe from $1.20 a week</p></aside>",
    ),
    "weather": ("<div class=weather-widget><b>Kyiv</b> 4°C cloudy</div>", "<div class=weather-widget><b>Berlin</b> 9°C sunny</div>"),
    "exchange rates": ("<aside class=currency-rates><p>USD 41.20</p></aside>", "<aside class=currency-rates><p>USD 41.35</p></aside>"),
    "ui labels": (
        "<div class=tools><button>Share</button> <button>Print</button></div>",
        "<div class=tools><button>Partager</button> <button>Imprimer</button></div>",
    ),
    "ui nav": (
        "<nav><a href=/>Home</a><a href=/contact>Contact</a><a href=/login>Log in</a></nav>",
        "<nav><a href=/>Accueil</a><a href=/contact>Contact</a><a href=/login>Se connecter</a></nav>",
    ),
    "ui ar": (
        "<nav><a href=/>Home</a></nav><footer><a href=/p>Privacy policy</a></footer>",
        "<nav><a href=/>الرئيسية</a></nav><footer><a href=/p>سياسة الخصوصية</a></footer>",
    ),
    "ui placeholder": (
        "<form><input name=q placeholder='Search'><input type=submit value='Search'></form>",
        "<form><input name=q placeholder='Rechercher'><input type=submit value='Rechercher'></form>",
    ),
    "img query version": ("<img src='/logo.png?v=1'>", "<img src='/logo.png?v=2'>"),
    "newsletter modal": (
        "",
        "<div class='modal newsletter-popup'><h2>Sign up for our newsletter</h2><form><input type=email placeholder='Your email'><button>Sign up</button></form></div>",
    ),
    "breaking ticker": (
        "<div class=breaking-news><a href=/b1>Train derails near the coast</a></div>",
        "<div class=breaking-news><a href=/b2>Minister resigns</a></div>",
    ),
    "debug comment footer": ("<!-- Cached page generated by WP-Super-Cache on 2026-11-29 10:00:00 -->", "<!-- Dynamic page generated in 0.4 s -->"),
    "server name": ("<p class=debug>Served by web-03</p>", "<p class=debug>Served by web-11</p>"),
    "age years": ("<p class=when>5 years ago</p>", "<p class=when>5 years ago</p>"),
    "svg ids": (
        "<svg><defs><clipPath id=clip-8f3a9c2e><path d='M0 0'/></clipPath></defs><g clip-path='url(#clip-8f3a9c2e)'><path d='M1 1'/></g></svg>",
        "<svg><defs><clipPath id=clip-77ab00c1><path d='M0 0'/></clipPath></defs><g clip-path='url(#clip-77ab00c1)'><path d='M1 1'/></g></svg>",
    ),
    "gtm": (
        "<script>(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});})(window,document,'script','dataLayer','GTM-1');</script><script>dataLayer.push({'visitorId':'8f3a9c2e11aa','loadTime':0.123});</script>",
        "<script>(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});})(window,document,'script','dataLayer','GTM-1');</script><script>dataLayer.push({'visitorId':'77ab00c1ff99','loadTime':0.456});</script>",
    ),
    "js token writes": (
        "<script>document.getElementById('f').setAttribute('data-t','8f3a9c2e11aabbcc');</script>",
        "<script>document.getElementById('f').setAttribute('data-t','77ab00c1ff99ddee');</script>",
    ),
    "ad script": (
        "<script>googletag.cmd.push(function(){googletag.defineSlot('/123/top',[728,90],'div-gpt-ad-1795946400123-0').addService(googletag.pubads());googletag.display('div-gpt-ad-1795946400123-0');});</script>",
        "<script>googletag.cmd.push(function(){googletag.defineSlot('/123/top',[728,90],'div-gpt-ad-1795946820456-0').addService(googletag.pubads());googletag.display('div-gpt-ad-1795946820456-0');});</script>",
    ),
    "bg ad": (
        '<div class=ad style="background-image:url(https://ads.example/1.jpg)"></div>',
        '<div class=ad style="background-image:url(https://ads.example/2.jpg)"></div>',
    ),
    "picture cdn shard": ("<img src='https://c1.cdn.example/x.jpg'>", "<img src='https://c2.cdn.example/x.jpg'>"),
    "online users": ("<p>Users online: 43 (3 members, 40 guests)</p>", "<p>Users online: 57 (2 members, 55 guests)</p>"),
    "poll": ("<div class=poll><p>1,204 votes</p></div>", "<div class=poll><p>1,209 votes</p></div>"),
    "telegram views": ("<span class='tgme_widget_message_views'>12.4K</span>", "<span class='tgme_widget_message_views'>12.9K</span>"),
    "reactions": (
        "<div class='message_reactions'><span class=reaction>👍 120</span> <span class=reaction>😢 45</span></div>",
        "<div class='message_reactions'><span class=reaction>👍 131</span> <span class=reaction>😢 46</span></div>",
    ),
    "error ray": ("<p>Cloudflare Ray ID: <strong>9a5b1c2d3e4f5a6b</strong></p>", "<p>Cloudflare Ray ID: <strong>8b5b1c2d3e4f5aff</strong></p>"),
    "yt views": ("<span class=view-count>1,204,332 views</span>", "<span class=view-count>1,204,990 views</span>"),
    "tw counts": (
        "<div role=group aria-label='12 replies, 45 reposts, 130 likes'></div>",
        "<div role=group aria-label='13 replies, 47 reposts, 139 likes'></div>",
    ),
    "json yt": (
        '<script>var ytInitialData = {"viewCount":"1204","trackingParams":"CAAQhGciEwjR8vKq2Z2K","x":1};</script>',
        '<script>var ytInitialData = {"viewCount":"1299","trackingParams":"CBBQhGciEwiD5vqq3Z7L","x":1};</script>',
    ),
    "fb cdn": (
        "<img src='https://scontent-cdg2-1.fbcdn.example/a.jpg?oh=1&oe=2'>",
        "<img src='https://scontent-ams4-1.fbcdn.example/a.jpg?oh=3&oe=4'>",
    ),
    "signed video": (
        "<video src='https://v.example/x.mp4?sig=aaa&exp=1795946400'></video>",
        "<video src='https://v.example/x.mp4?sig=bbb&exp=1795946820'></video>",
    ),
    "captcha": ("<form><img src='/captcha.php?r=123' alt='captcha'></form>", "<form><img src='/captcha.php?r=456' alt='captcha'></form>"),
    "updated min": ("<p>Last update: 29/11/2026 10:00</p>", "<p>Last update: 29/11/2026 10:07</p>"),
    "updated dash": ("<div id=time>10:00:01 | Sunday, Nov 29, 2026</div>", "<div id=time>10:07:09 | Sunday, Nov 29, 2026</div>"),
    "joomla hits": ("<dd class=hits>Hits: 1204</dd>", "<dd class=hits>Hits: 1209</dd>"),
    "vbulletin": (
        "<div>There are currently 43 users online. 3 members and 40 guests</div>",
        "<div>There are currently 57 users online. 2 members and 55 guests</div>",
    ),
    "drupal settings": (
        '<script type=\'application/json\' data-drupal-selector=\'drupal-settings-json\'>{"path":{"baseUrl":"/"},"user":{"uid":0,"permissionsHash":"abc"},"ajaxTrustedUrl":{},"form_build_id":"form-8f3aKq2"}</script>',
        '<script type=\'application/json\' data-drupal-selector=\'drupal-settings-json\'>{"path":{"baseUrl":"/"},"user":{"uid":0,"permissionsHash":"abc"},"ajaxTrustedUrl":{},"form_build_id":"form-77abZz9"}</script>',
    ),
    "next week teasers images": (
        "<div class=latest-news><a href=/q1><img src=/q1.jpg><h3>Rain</h3></a><span>2 hours ago</span></div>",
        "<div class=latest-news><a href=/q2><img src=/q2.jpg><h3>Sun</h3></a><span>1 hour ago</span></div>",
    ),
    "stock ticker": ("<div class=stocks>EUR/USD 1.0832 +0.2%</div>", "<div class=stocks>EUR/USD 1.0841 +0.3%</div>"),
    "prayer times": ("<div class=prayer>الفجر 05:01</div>", "<div class=prayer>الفجر 05:02</div>"),
    "lazy data uri svg": (
        '<img src="data:image/svg+xml,%3Csvg xmlns=\'http://www.w3.org/2000/svg\' viewBox=\'0 0 1 1\'%3E%3C/svg%3E" data-src=/z.jpg>',
        "<img src=/z.jpg>",
    ),
    "nonce style": ("<style nonce=abc1>p{margin:0}</style>", "<style nonce=def2>p{margin:0}</style>"),
    "vue ssr": (
        "<div data-v-1a2b3c4d id=__nuxt></div><script>window.__NUXT__={serverRendered:true,t:1795946400123}</script>",
        "<div data-v-9z2b3c4d id=__nuxt></div><script>window.__NUXT__={serverRendered:true,t:1795946820456}</script>",
    ),
    "ad label": (
        "<div class=ad><span>Advertisement</span><a href=https://a.example/1>Cars</a></div>",
        "<div class=ad><span>Advertisement</span></div>",
    ),
    "empty ad container vs none": ("<div id=google_ads_iframe_1></div>", ""),
    "ad network script": (
        "<script async src='https://pagead2.googlesyndication.com/x.js'></script>",
        "<script async src='https://cdn.taboola.com/y.js'></script>",
    ),
    "tracker scripts": ("<script src='https://www.google-analytics.com/analytics.js'></script>", ""),
    "hotjar": (
        "<script src='https://static.hotjar.com/c/hotjar-1.js'></script>",
        "<script src='https://connect.facebook.net/en_US/fbevents.js'></script>",
    ),
    "rocket loader": (
        "<script src='/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js' data-cf-settings='8f3a9c2e11aabbccddee-|49'></script>",
        "<script src='/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js' data-cf-settings='77ab00c1ff99aabbccdd-|49'></script>",
    ),
    "rocket types": (
        "<script type='8f3a9c2e11aabbccddee-text/javascript'>var a=1</script>",
        "<script type='77ab00c1ff99aabbccdd-text/javascript'>var a=1</script>",
    ),
    "popular posts order": (
        "<div class=popular><a href=/s1>Bread</a> <a href=/s2>Rain</a></div>",
        "<div class=popular><a href=/s2>Rain</a> <a href=/s1>Bread</a></div>",
    ),
}  # fmt: skip
"""What stands below the article, for the one reader and seven minutes later for the other."""

PAGES = {
    "class that a build makes up": (
        news_page(article=ARTICLE.replace("<p>A", "<p class='css-1a2b3c sc-bdVaJa'>A")),
        news_page(article=ARTICLE.replace("<p>A", "<p class='css-9z8y7x sc-kqXfYz'>A")),
    ),
    "rule of such a class": (
        news_page(head="<style>.sc-bdVaJa{font-family:Georgia}</style>", article=ARTICLE.replace("<p>A", "<p class=sc-bdVaJa>A")),
        news_page(head="<style>.sc-kqXfYz{font-family:Georgia}</style>", article=ARTICLE.replace("<p>A", "<p class=sc-kqXfYz>A")),
    ),
    "variant of a test": (news_page(of_body=" class='ab-a' data-exp=12"), news_page(of_body=" class='ab-b' data-exp=77")),
    "browser": (news_page(of_html=" class='chrome chrome-120'"), news_page(of_html=" class='firefox firefox-128'")),
    "scheme and host of the canonical address": (
        news_page(), news_page(heads=HEAD.replace('"https://news.example/article"', '"http://www.news.example/article"')),
    ),
    "picture that is loaded later": (
        news_page(), news_page(article=ARTICLE.replace('src="/img/a.jpg"', f'src="{DOT}" data-src="/img/a.jpg" loading=lazy')),
    ),
    "picture without an address of its own": (news_page(), news_page(article=ARTICLE.replace("<img src=", "<img class=lazy data-src="))),
    "white space, order of attributes": (
        news_page(), news_page().replace("><", ">\n  <").replace("width=640 height=480", 'height="480" width="640"'),
    ),
    "readers in linked data": tuple(
        news_page(heads=HEAD.replace('"deaths"', f'"interactionStatistic":{{"userInteractionCount":{number}}},"deaths"'))
        for number in (1200, 1240)
    ),
    "challenge script": (
        news_page(CLOUDFLARE % ("9a5b1c2d3e4f5a6b", "MTc2NDQxMDQwMA==")), news_page(CLOUDFLARE % ("8c5b1c2d3e4f5aff", "MTc2NDQxMDgyMA==")),
    ),
}  # fmt: skip

LATE = {
    "greeting": ("<header><p>Good morning</p></header>", "<header><p>Good evening</p></header>", timedelta(hours=9)),
    "day": ("<div>Sunday 29 November 2026</div>", "<div>Monday 30 November 2026</div>", timedelta(days=1)),
    "day of two calendars": (
        "<div>الأحد 19 جمادى الآخرة 1448 هـ الموافق 29 نوفمبر 2026</div>",
        "<div>الاثنين 20 جمادى الآخرة 1448 هـ الموافق 30 نوفمبر 2026</div>",
        timedelta(days=1),
    ),
    "age in days": ("<p>Published 3 days ago</p>", "<p>Published 5 days ago</p>", timedelta(days=2)),
    "yesterday": ("<p>23 hours ago</p>", "<p>Yesterday</p>", timedelta(hours=9)),
    "age in months": ("<p>2 months ago</p>", "<p>3 months ago</p>", timedelta(days=20)),
    "age that becomes a date": ("<p>Posted 6 days ago</p>", "<p>Posted 23 November 2026</p>", timedelta(days=2)),
}  # fmt: skip


def contradictions(one: str, other: str, later: timedelta = LATER) -> list[tuple[str, str, str]]:
    found = []
    for pages in ((one, other), (other, one)):
        visits = (VISIT, VISIT + later) if pages[0] is one else (VISIT + later, VISIT)
        compared = compare_sources(
            *(evidence(page, visit, media=MEDIA) for page, visit in zip(pages, visits, strict=True))
        )
        assert compared is not None
        found += [(each.what, each.first, each.second) for each in compared.differences if each.is_substance]
        assert (compared.status is PairStatus.CONTRADICTS) is bool(found)
    return found


@pytest.mark.parametrize("name", BELOW)
def test_what_stands_around_an_article_contradicts_nothing(name: str) -> None:
    one, other = BELOW[name]
    assert contradictions(news_page(one), news_page(other)) == []


@pytest.mark.parametrize("name", PAGES)
def test_how_a_page_is_delivered_contradicts_nothing(name: str) -> None:
    one, other = PAGES[name]
    assert contradictions(one, other) == []


@pytest.mark.parametrize("name", LATE)
def test_time_that_passed_between_two_visits_contradicts_nothing(name: str) -> None:
    one, other, later = LATE[name]
    assert contradictions(news_page(one), news_page(other), later) == []


@pytest.mark.parametrize(("agents", "expected"), [
    (("Firefox/78.0", "Chrome/131.0"), PairStatus.DIFFERS),
    (("Firefox/78.0", "Firefox/78.0"), PairStatus.CONTRADICTS),
    (("", ""), PairStatus.DIFFERS),
])  # fmt: skip
def test_a_line_that_names_the_reader_s_browser_names_what_the_reader_sent(
    agents: tuple[str, str], expected: PairStatus
) -> None:
    pages = [evidence(page(f"<h1>News</h1><p>You use {name}</p>")) for name in ("Firefox 78", "Chrome 131")]
    for seen, agent in zip(pages, agents, strict=True):
        assert seen.live is not None and seen.live.content is not None
        seen.live.content.agent = agent and f"Mozilla/5.0 (X11; Linux x86_64) {agent}"
    found = compare_sources(*pages)
    assert found is not None and found.status is expected
