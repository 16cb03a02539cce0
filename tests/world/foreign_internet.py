"""A stranger's internet: ways to fail in other words than ours, and honest pages that look like them.

Each host is one case. What it says was gathered from what such services and programs really send: their own names of
headers, classes and scripts, and the sentences that visitors quote. No page of it stands elsewhere in these tests.
"""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.world import media_bytes
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Page, Site, file, html, redirect, served_by
from tests.world.world import World

STORY = "/story/2021/may/eleven-names.html"
Verdicts = frozenset[tuple[str, str | None]]


def _is(*verdicts: str) -> Verdicts:
    """`blocked challenge`, `captured`, as they stand in the ledger."""
    return frozenset((status, reason or None) for status, _, reason in (verdict.partition(" ") for verdict in verdicts))


@dataclass(frozen=True, slots=True)
class ForeignHost:
    """One host: what it answers for the cited page, and every verdict that would be right."""

    name: str
    page: Page
    verdicts: Verdicts
    target: str = STORY
    others: Mapping[str, Page] = field(default_factory=dict)
    catches_all: bool = False
    """Whatever is requested gets the page."""
    mode: str | None = None
    """A mode that any host can fail in."""
    www: bool = False

    @property
    def host(self) -> str:
        return f"{self.name}.example"

    @property
    def cited(self) -> str:
        return f"https://{self.host}{self.target}"


class Hosting(Site):
    """Plays one stranger."""

    def __init__(self, host: ForeignHost) -> None:
        super().__init__()
        self._host = host
        self.hosts = (host.host,)

    def pages(self, host: str) -> Mapping[str, Page]:
        return {"/": _FRONT, self._host.target: self._host.page, **self._host.others}

    def not_found(self, request: Request) -> Reply:
        page = self._host.page
        if self._host.catches_all:
            return page if isinstance(page, Reply) else page(request)
        return html("<!DOCTYPE html><title>Nothing</title><p>There is nothing here.", 404)

    def answer(self, request: Request) -> Answer:
        said = self.reply(request)
        return said if isinstance(said, Answer) else served_by(self.server, said).to_answer(request)


def page(
    body: str, *, title: str = "Eleven names", status: int = 200, head: str = "", lang: str = "en", headers: tuple[tuple[str, str], ...] = ()
) -> Reply:
    rtl = ' dir="rtl"' if lang == "ar" else ""
    text = f'<!DOCTYPE html><html lang="{lang}"{rtl}><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'
    return html(text, status, headers)


_LINES = (
    "They were taken at the bakery on a Tuesday, and the baker wrote their names on the wall above the oven.",
    "Nobody came to ask for them until the autumn, when a letter without a stamp was found under the door.",
    "The letter named the branch, the number of the cell and a doctor, who has since left the country.",
    "We spoke with nine of the eleven families, and with the baker, who keeps the wall as it was.",
    "All of them asked that the names be printed in full, since silence had helped nobody.",
    "The ministry did not answer the questions that we sent on the third and on the ninth of May.",
)
TEXT = "".join(f"<p>{line}</p>" for line in _LINES * 4)
_ARABIC = "".join(
    f"<p>{line}</p>"
    for line in (
        "أُخذوا من المخبز يوم الثلاثاء، وكتب الخباز أسماءهم على الجدار فوق الفرن.",
        "لم يسأل عنهم أحد حتى الخريف، حين وُجدت رسالة بلا طابع تحت الباب.",
        "ذكرت الرسالة الفرع ورقم الزنزانة وطبيباً غادر البلاد بعد ذلك.",
        "تحدثنا مع تسع عائلات من أصل إحدى عشرة، ومع الخباز الذي أبقى الجدار كما كان.",
    )
    * 5
)
_FRONT = page(f"<h1>The Wall</h1>{'<p>News from the town, every week, by the people who live there.</p>' * 12}", title="The Wall")
_HOME = page("<h1>الجدار</h1>" + "<p>أخبار البلدة كل أسبوع، يكتبها أهلها.</p>" * 12, title="الجدار - الرئيسية", lang="ar")
_CF = (("Server", "cloudflare"), ("CF-RAY", "9a01bb23cc45dd67-AMS"))
_PASSWORD = '<form method="post" action="/session"><input name="user"><input type="password" name="word"><button>→</button></form>'


def _to(target: str, status: int = 302) -> Reply:
    return redirect(target, status)


def _turn(*pages: Reply) -> Callable[[Request], Reply]:
    """Answers that take turns; the last one stays."""
    left = list(pages)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def _refresh(url: str, seconds: int = 0) -> Reply:
    return page("", title="", head=f'<meta http-equiv="refresh" content="{seconds}; url={url}">')


_CHALLENGES = (
    ForeignHost("turnstile-403", page(
        '<div class="main-wrapper" role="main"><h1 class="zone-name-title h1">turnstile-403.example</h1><p id="cf-spinner-please-wait">Verify you are human by completing the action below.</p>'
        '<div id="challenge-body-text">turnstile-403.example needs to review the security of your connection before proceeding.</div><noscript><span id="challenge-error-text">Enable JavaScript and cookies to continue</span></noscript></div>'
        "<script nonce=x>(function(){window._cf_chl_opt={cFPWv:'b',cType:'interactive'}})()</script>", title="Just a moment...", status=403, headers=(*_CF, ("cf-mitigated", "challenge"))), _is("blocked challenge")),
    ForeignHost("turnstile-own", page(
        '<h1>التحقق من الأمان</h1><p>يرجى تأكيد أنك لست روبوتاً للمتابعة</p><form method="post"><div class="cf-turnstile" data-sitekey="0x4AAAAAAADnPIDROrmt1Wwj"></div></form>'
        '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async defer></script>', title="التحقق من الأمان", lang="ar", headers=_CF), _is("blocked challenge"), catches_all=True),
    ForeignHost("cloudflare-german", page(
        '<div class="main-wrapper"><h1>cloudflare-german.example</h1><p>Die Sicherheit Ihrer Verbindung wird überprüft</p></div>'
        "<script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed'};a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=9a'})();</script>", title="Nur einen Moment…", status=403, lang="de", headers=_CF), _is("blocked challenge")),
    ForeignHost("cloudflare-ban", page(
        '<div id="cf-wrapper"><div class="cf-error-details cf-error-1005"><h1>Access denied</h1><p>The owner of this website (cloudflare-ban.example) has banned the autonomous system number (ASN) your IP address is in (9009) from accessing this website.</p><span>Error 1005</span></div></div>',
        title="Access denied | cloudflare-ban.example used Cloudflare to restrict access", status=403, headers=_CF), _is("blocked challenge", "blocked forbidden")),
    ForeignHost("cloudflare-origin-down", replace(page(
        '<div id="cf-wrapper"><div id="cf-error-details"><h1>Web server is down</h1><span>Error code 521</span><p>The web server is not returning a connection.</p></div></div>', title="cloudflare-origin-down.example | 521: Web server is down", status=521, headers=_CF), reason="Web Server Is Down"), _is("unreachable server-error")),
    ForeignHost("ddos-guard-js", page(
        '<noscript>Please, turn JavaScript on</noscript><p id="js">Checking your browser...</p><script>(function(){var s=document.createElement("script");s.src="/.well-known/ddos-guard/check?context=free_splash"})();</script>'
        '<a id="link-ddg" href="https://ddos-guard.net">Protection by DDoS-Guard</a>', title="DDOS-GUARD", status=403, headers=(("Server", "ddos-guard"), ("Set-Cookie", "__ddg1_=abc; Path=/"))), _is("blocked challenge")),
    ForeignHost("sucuri-block", page(
        "<section><h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner, please whitelist your IP below or contact support.</p><table><tr><td>Block ID:<td>BNP005<tr><td>Block reason:<td>Bad bot access attempt.</table></section>",
        title="Sucuri WebSite Firewall - Access Denied", status=403, headers=(("Server", "Sucuri/Cloudproxy"), ("X-Sucuri-ID", "18012"), ("X-Sucuri-Block", "BNP005"))), _is("blocked challenge")),
    ForeignHost("imperva-hcaptcha", page(
        '<iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=12-3-0%20NNNY&incident_id=123-456&edet=15&cinfo=0400" frameborder=0 width="100%">Request unsuccessful. Incapsula incident ID: 123-456</iframe>',
        title="", status=403, headers=(("X-Iinfo", "12-3-0 NNNY"), ("X-CDN", "Imperva"))), _is("blocked challenge")),
    ForeignHost("akamai-behaviour", page(
        '<div id="sec-if-cpt-container"><script src="/_sec/cp_challenge/sec-cpt-4-3.js" async defer></script></div><p>Powered and protected by Akamai</p>', title="Challenge Validation", status=428, headers=(("Server", "AkamaiGHost"),)), _is("blocked challenge")),
    ForeignHost("akamai-denied", Reply(403, b'<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n \nYou don\'t have permission to access "http&#58;&#47;&#47;akamai-denied&#46;example&#47;" on this server.<P>\nReference&#32;&#35;18&#46;5f3e1302&#46;1700000000&#46;2b3c4d5e\n<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;5f3e1302</P>\n</BODY>\n</HTML>\n', "text/html", (("Server", "AkamaiGHost"),)), _is("blocked challenge", "blocked forbidden")),
    ForeignHost("aws-captcha", page(
        '<script src="https://1a2b3c.edge.captcha-sdk.awswaf.com/1a2b3c/jsapi.js"></script><div id="captcha-container"></div><noscript><h1>JavaScript is disabled</h1>In order to continue, you need to verify that you\'re not a robot by solving a CAPTCHA puzzle.</noscript>',
        title="Human Verification", status=405, headers=(("x-amzn-waf-action", "captcha"), ("Server", "awselb/2.0"))), _is("blocked challenge")),
    ForeignHost("aws-200", page(
        '<script type="text/javascript">window.awsWafCookieDomainList=[];window.gokuProps={"key":"AQIDAHj","iv":"Cg=="};</script><script src="https://de5282c3ca0c.edge.sdk.awswaf.com/de5282c3ca0c/526cf06acb0d/challenge.js"></script>'
        '<div id="challenge-container"></div><noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify that you are not a robot.</noscript>', title=""), _is("blocked challenge")),
    ForeignHost("anubis-german", page(
        '<script id="anubis_version" type="application/json">"v1.21.0"</script><script id="anubis_challenge" type="application/json">{"rules":{"difficulty":4}}</script><main><h1 id="title">Es wird geprüft, dass Sie kein Bot sind!</h1>'
        '<img src="/.within.website/x/cmd/anubis/static/img/pensive.webp"><p>Sie sehen dies, weil der Administrator dieser Website Anubis eingerichtet hat.</p></main>', title="Es wird geprüft, dass Sie kein Bot sind!", lang="de"), _is("blocked challenge"), catches_all=True),
    ForeignHost("recaptcha-gate", page(
        '<h1>One more step</h1><p>Please complete the security check to access recaptcha-gate.example</p><form method="post" action="/validate"><div class="g-recaptcha" data-sitekey="6Lc_aX0"></div></form><script src="https://www.google.com/recaptcha/api.js"></script>',
        title="Security check"), _is("blocked challenge"), catches_all=True),
    ForeignHost("go-away", page("<h1>Checking your browser</h1><p>This process is automatic. Your browser will redirect to your requested content shortly.</p><p>Please allow up to 5 seconds…</p><script>setTimeout(function(){document.forms[0].submit()},4000)</script>"
        '<form method="post"></form>', title="Please wait...", status=503), _is("blocked challenge", "unreachable server-error")),
)

_DOORS = (
    ForeignHost("login-arabic", page(f"<h1>تسجيل الدخول إلى حسابك</h1><p>يجب عليك تسجيل الدخول لعرض هذا المحتوى</p>{_PASSWORD}", title="تسجيل الدخول - شبكة الأخبار", lang="ar"), _is("blocked login"), catches_all=True),
    ForeignHost("login-french", page(f"<h1>Identifiez-vous</h1><p>Vous devez être connecté pour accéder à cette page.</p>{_PASSWORD}", title="Connexion | Le Mur", lang="fr"), _is("blocked login")),
    ForeignHost("login-german", page(f"<h1>Anmelden</h1><p>Bitte melden Sie sich an, um diesen Inhalt zu sehen.</p>{_PASSWORD}", title="Anmeldung – Die Mauer", lang="de"), _is("blocked login")),
    ForeignHost("login-moved", _to("/users/sign_in?return_to=%2Fstory"), _is("blocked login"), others={"/users/sign_in?return_to=%2Fstory": page(f"<h1>Welcome back</h1>{_PASSWORD}", title="The Wall")}),
    ForeignHost("login-sso", _to("/cas/login?service=https%3A%2F%2Flogin-sso.example%2Fstory"), _is("blocked login"), others={"/cas/login?service=https%3A%2F%2Flogin-sso.example%2Fstory": page(f"<h1>Central Authentication Service</h1>{_PASSWORD}", title="CAS – Central Authentication Service")}),
    ForeignHost("login-arabic-moved", _to("/ar/login.aspx?ReturnUrl=%2fstory"), _is("blocked login"), others={"/ar/login.aspx?ReturnUrl=%2fstory": page(f"<h1>دخول المشتركين</h1>{_PASSWORD}", title="دخول المشتركين", lang="ar")}),
    ForeignHost("members-only", page("<h1>Members only</h1><p>Sorry, you must be logged in to view this page. <a href=/wp-login.php>Log in</a></p>", title="Members only – The Wall"), _is("blocked login"), catches_all=True),
    ForeignHost("consent-german", page('<h1>Bevor Sie fortfahren</h1><p>Wir verwenden Cookies und andere Daten. Wenn Sie „Alle akzeptieren“ auswählen, verwenden wir Cookies auch für Werbung.</p><form method=post action=/save><button>Alle akzeptieren</button><button>Alle ablehnen</button></form>',
        title="Bevor Sie fortfahren", lang="de"), _is("blocked consent"), catches_all=True),
    ForeignHost("consent-french", page("<h1>Le respect de votre vie privée est notre priorité</h1><p>Nous et nos 842 partenaires utilisons des cookies. Avec votre accord…</p><button>Accepter et continuer</button><button>Continuer sans accepter</button>",
        title="Le respect de votre vie privée", lang="fr"), _is("blocked consent", "partial hollow"), catches_all=True),
    ForeignHost("consent-moved", _to("/cmp/consent?returnUrl=%2Fstory"), _is("blocked consent"), others={"/cmp/consent?returnUrl=%2Fstory": page("<h1>Ihre Privatsphäre</h1><p>Mit Werbung und Cookies weiterlesen, oder ein Abo nehmen.</p>", title="Zustimmung", lang="de")}),
    ForeignHost("consent-pay-or-ok", page("<h1>Weiter mit Werbung oder im Pur-Abo</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und Cookies, oder nutzen Sie unser Angebot im Pur-Abo.</p><button>Einwilligen und weiter</button>", title="Zustimmung erforderlich", lang="de"), _is("blocked consent"), catches_all=True),
    ForeignHost("age-gate", page('<h1>Are you over 18?</h1><p>This content is age-restricted. Please confirm your age to continue.</p><form method=post><button>I am 18 or older</button></form>', title="Age verification"), _is("blocked consent", "blocked login"), catches_all=True),
    ForeignHost("paywall", page(f'<h1>Eleven names</h1><p>{_LINES[0]}</p><div class="paywall"><p>Subscribe to continue reading. Already a subscriber? Sign in.</p></div>',
        head='<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Eleven names","isAccessibleForFree":false,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".paywall"}}</script>'), _is("partial hollow", "blocked login")),
    ForeignHost("paywall-german", page(f"<h1>Elf Namen</h1><p>{_LINES[1]}</p><aside><p>Weiterlesen mit dem Digital-Abo. Jetzt abonnieren und diesen Artikel lesen.</p></aside>",
        head='<meta property="article:content_tier" content="locked">', title="Elf Namen", lang="de"), _is("partial hollow", "blocked login")),
    ForeignHost("geo-451", page("<h1>Unavailable for legal reasons</h1><p>We recognise you are attempting to access this website from a country belonging to the European Economic Area, including the EU, which enforces the GDPR.</p>", title="451: Unavailable due to legal reasons", status=451), _is("blocked legal", "blocked geo")),
    ForeignHost("geo-200", page("<h1>Sorry!</h1><p>This content is not available in your country due to licensing restrictions.</p>", title="Not available"), _is("blocked geo"), catches_all=True),
    ForeignHost("geo-arabic", page("<h1>عذراً</h1><p>هذا الموقع غير متاح في منطقتك الجغرافية.</p>", title="غير متاح", lang="ar", status=403), _is("blocked geo")),
    ForeignHost("national-filter", page("<h1>This site is blocked</h1><p>This website has been blocked by order of the competent authority under the Cybercrime Law No. 17. المحتوى محظور وفقاً للقانون</p>", title="Site Blocked", status=403), _is("blocked legal", "blocked forbidden", "blocked geo")),
)

_PARKED = (
    ForeignHost("sedo", page('<div id="container"><h1>sedo.example</h1><p>This domain is for sale! The domain sedo.example is listed by its owner at Sedo.</p><script src="//img.sedoparking.com/js/jquery.js"></script></div>', title="sedo.example - domain for sale"), _is("gone parked"), catches_all=True),
    ForeignHost("godaddy", page('<div id="root"></div><script>window.LANDER_SYSTEM="CP"</script><script src="https://img1.wsimg.com/parking-lander/static/js/main.e2da8bd2.js"></script>', title=""), _is("gone parked"), catches_all=True),
    ForeignHost("godaddy-sale", _to("https://www.godaddy.com/forsale/godaddy-sale.example?utm_source=TDFS", 302), _is("gone parked"), others={}),
    ForeignHost("bodis", page('<div id="target" style="opacity: 0"></div><script>window.park = "eyJ1dWlkIjoiYWJjIiwicGFnZV90aW1lIjoxfQ==";</script><script src="/bKjEAXvqm.js"></script>', title="bodis.example"), _is("gone parked"), catches_all=True),
    ForeignHost("parkingcrew", page("<h1>parkingcrew.example</h1><p>Related Searches: Loans, Lawyers, Flights</p><script src='https://c.parkingcrew.net/scripts/sale_form.js'></script>", head='<meta name="robots" content="noindex">', title="parkingcrew.example"), _is("gone parked"), catches_all=True),
    ForeignHost("namecheap", page("<h1>namecheap.example</h1><p>This domain is registered at Namecheap. This domain was recently registered at Namecheap. Please check back later!</p>", title="namecheap.example - Registered at Namecheap.com"), _is("gone parked"), catches_all=True),
    ForeignHost("hostinger", page("<h1>Parked Domain name on Hostinger DNS system</h1><p>You Are All Set to Go! All you have to do now is upload your website files and start your journey.</p>", title="Parked Domain name on Hostinger DNS system"), _is("gone parked"), catches_all=True),
    ForeignHost("expired", page("<h1>expired.example has expired</h1><p>If you are the owner of this domain, please renew it with your registrar. This domain name expired on 2024-02-11 and is pending renewal or deletion.</p>", title="expired.example"), _is("gone parked"), catches_all=True),
    ForeignHost("dan", page('<h1>The domain name <b>dan.example</b> is for sale</h1><p>Buy now for $2,995. Lease to own. Free ownership transfer.</p>', title="The domain name dan.example is for sale"), _is("gone parked"), catches_all=True),
    ForeignHost("sale-arabic", page("<h1>sale-arabic.example</h1><p>هذا الدومين معروض للبيع، للتواصل اضغط هنا</p>", title="دومين للبيع", lang="ar"), _is("gone parked"), catches_all=True),
    ForeignHost("suspended-cpanel", _to("/cgi-sys/suspendedpage.cgi"), _is("gone parked"), others={"/cgi-sys/suspendedpage.cgi": page('<div class="container"><span class="status-reason">Account Suspended</span><h1>Account Suspended</h1><p>This Account has been suspended. <a href="mailto:">Contact your hosting provider</a> for more information.</p></div>', title="Account Suspended")}),
    ForeignHost("suspended-arabic", page("<h1>تم إيقاف الموقع</h1><p>تم إيقاف هذا الحساب، يرجى التواصل مع شركة الاستضافة.</p>", title="تم إيقاف الحساب", lang="ar"), _is("gone parked"), catches_all=True),
    ForeignHost("default-apache", page("<h1>It works!</h1><p>This is the default welcome page used to test the correct operation of the Apache2 server after installation on Debian systems.</p>", title="Apache2 Debian Default Page: It works"), _is("gone parked"), catches_all=True),
    ForeignHost("default-rhel", page("<h1>Test Page</h1><p>This page is used to test the proper operation of the HTTP server after it has been installed.</p>", title="Test Page for the HTTP Server on Red Hat Enterprise Linux"), _is("gone parked"), catches_all=True),
    ForeignHost("default-nginx", page("<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p>", title="Welcome to nginx!"), _is("gone parked"), catches_all=True),
    ForeignHost("default-iis", page('<a href="http://go.microsoft.com/fwlink/?linkid=66138"><img src="iisstart.png" alt="IIS" width="960"></a>', title="IIS Windows Server"), _is("gone parked"), catches_all=True),
    ForeignHost("default-plesk", page("<h1>Domain Default page</h1><p>If you are seeing this message, the website for default-plesk.example is not available at this time. Web Server's Default Page</p>", title="Domain Default page"), _is("gone parked"), catches_all=True),
    ForeignHost("default-cpanel", _to("/cgi-sys/defaultwebpage.cgi"), _is("gone parked"), others={"/cgi-sys/defaultwebpage.cgi": page("<h1>SORRY!</h1><p>If you are the owner of this website, please contact your hosting provider: webmaster@default-cpanel.example</p><p>It is possible you have reached this page because: The IP address has changed.</p>", title="Default Web Site Page")}),
)

_GONE = (
    ForeignHost("soft-arabic", page("<h1>عفواً!</h1><p>المحتوى الذي تبحث عنه لم يعد متاحاً أو تم نقله.</p>", title="عفواً - الجدار", lang="ar"), _is("gone soft-404"), catches_all=True),
    ForeignHost("soft-arabic-2", page("<h1>خطأ 404</h1><p>الرابط الذي اتبعته قد يكون معطلاً، أو أن الصفحة قد أزيلت.</p>", title="خطأ ٤٠٤ | الموقع", lang="ar"), _is("gone soft-404")),
    ForeignHost("soft-english", page("<h1>Hmm, we can't seem to find that one</h1><p>The link you followed may be broken, or the page may have been removed.</p>", title="Hmm | The Wall"), _is("gone soft-404"), catches_all=True),
    ForeignHost("soft-client", page('<div id="app"></div><script>window.__NUXT__={"error":{"statusCode":404,"message":"This page could not be found"}}</script><script src="/_nuxt/entry.js"></script>', title="The Wall"), _is("gone soft-404", "partial hollow"), catches_all=True),
    ForeignHost("soft-next", page('<div id="__next"><div><h1 class="next-error-h1">404</h1><h2>This page could not be found.</h2></div></div><script id="__NEXT_DATA__" type="application/json">{"page":"/404"}</script>', title="404: This page could not be found"), _is("gone soft-404"), catches_all=True),
    ForeignHost("soft-french", page("<h1>Oups !</h1><p>La page que vous recherchez n'existe pas ou a été déplacée.</p>", title="Page introuvable - Le Mur", lang="fr"), _is("gone soft-404")),
    ForeignHost("soft-search", page("<h1>Search results</h1><p>No results for eleven names. Try other words.</p>" + "<p>Popular: weather, recipes, football.</p>" * 12, title="Search"), _is("gone soft-404"), catches_all=True),
    ForeignHost("post-deleted", page("<h1>This article has been removed</h1><p>This article has been removed at the request of its publisher.</p>", title="The Wall"), _is("gone soft-404"), catches_all=True),
    ForeignHost("home-english", _to("/index.php"), _is("gone redirected-home"), others={"/index.php": _FRONT}),
    ForeignHost("home-arabic", _to("/ar/"), _is("gone redirected-home"), others={"/ar/": _HOME}),
    ForeignHost("home-refresh", _refresh("/"), _is("gone redirected-home")),
    ForeignHost("home-other", _to("https://honest-short.example/"), _is("gone redirected-home")),
    ForeignHost("other-post", _to("/blog/2022/01/09/70211/", 301), _is("gone other-post"), "/?p=51899", {"/blog/2022/01/09/70211/": page(f"<h1>Another story</h1>{TEXT}", title="Another story")}),
    ForeignHost("pdf-is-page", page("<h1>Document library</h1>" + "<p>Choose a year to see our documents.</p>" * 15, title="Document library"), _is("gone soft-404", "partial media"), "/documents/2021/eleven-names.pdf", catches_all=True),
    ForeignHost("jpg-is-page", page("<h1>Image unavailable</h1><p>Hotlinking is not allowed.</p>", title="Image unavailable"), _is("gone soft-404", "partial media", "blocked forbidden"), "/photos/wall.jpg", catches_all=True),
    ForeignHost("xlsx-is-login", _to("/login?next=/lists/names.xlsx"), _is("blocked login"), "/lists/names.xlsx", {"/login?next=/lists/names.xlsx": page(f"<h1>Sign in</h1>{_PASSWORD}", title="Sign in")}),
    ForeignHost("spaces-only", Reply(200, b" \r\n \n", "text/html; charset=utf-8"), _is("unreachable empty", "partial hollow")),
    ForeignHost("markup-only", page("", title=""), _is("unreachable empty", "partial hollow")),
    ForeignHost("gone-410", page("<h1>410 Gone</h1><p>L'article a été retiré.</p>", title="410", lang="fr", status=410), _is("gone not-found")),
    ForeignHost("legal-451", page("<p>Auf Anordnung gesperrt.</p>", title="451", lang="de", status=451), _is("blocked legal")),
    ForeignHost("not-found-arabic", page("<h1>الصفحة غير موجودة</h1>", title="الصفحة غير موجودة", lang="ar", status=404), _is("gone not-found")),
    ForeignHost("spa-react", page('<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script defer src="/static/js/main.8c1f.js"></script>', title="React App"), _is("partial hollow"), catches_all=True),
    ForeignHost("spa-angular", page('<app-root></app-root><script src="runtime.js" type="module"></script><script src="main.js" type="module"></script>', title="الجدار", lang="ar"), _is("partial hollow"), catches_all=True),
    ForeignHost("spa-loading", page('<div id="app"><div class="loader">Loading…</div></div><script type="module" src="/assets/index-9f.js"></script>', title="The Wall"), _is("partial hollow"), catches_all=True),
    ForeignHost("maintenance-wp", page("<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>", title="Maintenance", status=503, headers=(("Retry-After", "600"),)), _is("unreachable server-error", "blocked rate")),
    ForeignHost("maintenance-200", page("<h1>We&#8217;ll be back soon!</h1><p>Sorry for the inconvenience but we&rsquo;re performing some maintenance at the moment.</p>", title="Site Maintenance"), _is("unreachable server-error"), catches_all=True),
    ForeignHost("maintenance-arabic", page("<h1>الموقع تحت الصيانة</h1><p>نعمل على تحسين الموقع وسنعود قريباً.</p>", title="الموقع تحت الصيانة", lang="ar"), _is("unreachable server-error"), catches_all=True),
    ForeignHost("database", page("<h1>Error establishing a database connection</h1>", title="Database Error", status=500), _is("unreachable server-error")),
    ForeignHost("database-200", page("<h1>Error establishing a database connection</h1>", title="Database Error"), _is("unreachable server-error"), catches_all=True),
    ForeignHost("rate-date", page("<h1>Too many requests</h1>", title="429", status=429, headers=(("Retry-After", "Mon, 23 Nov 2099 10:00:00 GMT"),)), _is("blocked rate")),
    ForeignHost("loop-by-refresh", _refresh(f"{STORY}?again=1"), _is("unreachable redirect-loop"), others={f"{STORY}?again=1": _refresh(f"{STORY}?again=2"), f"{STORY}?again=2": _refresh(STORY)}),
    ForeignHost("tls-late", _FRONT, _is("unreachable tls-expired"), mode="tls-expired"),
    ForeignHost("tls-other", _FRONT, _is("unreachable tls-name"), mode="tls-wrong-host"),
    ForeignHost("tls-own", _FRONT, _is("unreachable tls-untrusted", "unreachable tls-intermediate"), mode="tls-self-signed"),
    ForeignHost("no-name", _FRONT, _is("unreachable dns"), mode="dns"),
)

FAILING = (*_CHALLENGES, *_DOORS, *_PARKED, *_GONE)

_HERE = _is("captured")
HONEST = (
    ForeignHost("honest-plain", page(f"<h1>Eleven names</h1>{TEXT}"), _HERE),
    ForeignHost("honest-short", page("<h1>Eleven names</h1><p>The eleven were released on Sunday. Their names will follow.</p>"), _HERE),
    ForeignHost("honest-arabic", page(f"<h1>أحد عشر اسماً</h1>{_ARABIC}", title="أحد عشر اسماً", lang="ar"), _HERE, "/story/%D8%A3%D8%AD%D8%AF-%D8%B9%D8%B4%D8%B1-%D8%A7%D8%B3%D9%85%D8%A7"),
    ForeignHost("honest-arabic-404", page(f"<h1>اللواء 404 في البلدة</h1><p>دخل عناصر اللواء 404 إلى المخبز.</p>{_ARABIC}", title="اللواء 404 في البلدة", lang="ar"), _HERE, "/news/brigade-404"),
    ForeignHost("honest-404-number", page("<h1>Room 404</h1><p>Room 404 of the hospital was shelled on 4 May. Eleven people were in it; two of them died.</p>", title="Room 404 of the hospital"), _HERE, "/story/room-404-hospital"),
    ForeignHost("honest-captcha", page(f"<h1>How Cloudflare's captchas hide evidence</h1><p>“Verify you are human by completing the action below”, said the page. “Just a moment...”</p>{TEXT}", title="How Cloudflare's captchas hide evidence", headers=_CF), _HERE),
    ForeignHost("honest-captcha-short", page("<h1>Checking your browser</h1><p>Our note on why archives see “Checking your browser” and “Just a moment...” where readers see evidence of war crimes. Eleven names were lost that way.</p>", title="A note on walls: eleven names lost"), _HERE),
    ForeignHost("honest-login-wall", page("<h1>Login walls are the new memory hole</h1><p>“You must log in to continue” is all that is left of the eleven names. We asked the company why.</p>" + TEXT, title="Login walls are the new memory hole"), _HERE),
    ForeignHost("honest-login-box", page(f"<nav>{_PASSWORD}<a href=/forgot>Forgot your password?</a></nav><h1>Eleven names</h1><p>{_LINES[0]} {_LINES[1]}</p>"), _HERE),
    ForeignHost("honest-turnstile-form", page(f'<h1>Eleven names</h1><p>{_LINES[0]} {_LINES[2]}</p><h2>Leave a comment</h2><form><textarea></textarea><div class="cf-turnstile" data-sitekey="0x4AAA"></div></form><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>', headers=_CF), _HERE),
    ForeignHost("honest-recaptcha-form", page(f'<h1>Eleven names</h1>{TEXT}<form><div class="g-recaptcha" data-sitekey="6L"></div></form><script src="https://www.google.com/recaptcha/api.js"></script>'), _HERE),
    ForeignHost("honest-banner", page(f'<div id="cookie-banner"><p>We value your privacy. We use cookies. <button>Accept all</button><button>Reject all</button></p></div><h1>Eleven names</h1><p>{_LINES[0]} {_LINES[3]}</p>'), _HERE),
    ForeignHost("honest-banner-german", page(f'<h1>Elf Namen</h1><p>{_LINES[0]}</p><p>{_LINES[1]}</p><div class="cmp"><h2>Bevor Sie fortfahren</h2><p>Wir verwenden Cookies. <button>Alle akzeptieren</button></p></div>', title="Elf Namen", lang="de"), _HERE),
    ForeignHost("honest-domain-sale", page("<h1>The town's newspaper is for sale</h1><p>Its domain name may be for sale too, the owner told us on Friday. “Buy this domain”, says a note. The eleven names were first printed there.</p>", title="The town's newspaper is for sale"), _HERE),
    ForeignHost("honest-suspended", page("<h1>Activist's account suspended</h1><p>The account that published the eleven names has been suspended, the company says. We keep a copy of every post.</p>", title="Activist's account suspended"), _HERE, "/story/activists-account-suspended"),
    ForeignHost("honest-paywall-about", page(f"<h1>Subscribe to continue reading: who pays for the truth</h1>{TEXT}", title="Subscribe to continue reading: who pays for the truth"), _HERE),
    ForeignHost("honest-free", page(f"<h1>Eleven names</h1>{TEXT}<aside>Subscribe to our newsletter.</aside>", head='<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":true}</script>'), _HERE),
    ForeignHost("honest-metered", page(f"<h1>Eleven names</h1>{TEXT}", head='<meta property="article:content_tier" content="metered"><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'), _HERE),
    ForeignHost("honest-removed", page("<h1>Bodies have been removed from the square</h1><p>The bodies may have been moved to the military hospital, a nurse said. They are no longer available to the families. Eleven names are known.</p>", title="Bodies have been removed from the square"), _HERE, "/story/bodies-removed-square"),
    ForeignHost("honest-maintenance", page("<h1>Power plant under maintenance</h1><p>The plant that feeds the town is under maintenance until Friday, the ministry says. The bakery has no power.</p>", title="Power plant under maintenance, bakery dark"), _HERE, "/story/power-plant-maintenance"),
    ForeignHost("honest-denied", page(f"<h1>Access denied: the Red Cross at the gate</h1><p>{_LINES[4]} {_LINES[5]}</p>", title="Access denied: the Red Cross at the gate", headers=(("Server", "AkamaiGHost"),)), _HERE, "/story/access-denied-red-cross"),
    ForeignHost("honest-blocked-country", page(f"<h1>“Not available in your country”</h1><p>Films about the eleven are “not available in your country”, viewers in the region were told. {_LINES[3]} {_LINES[4]}</p>", title="“Not available in your country”: videos taken from viewers"), _HERE, "/story/videos-taken-from-viewers"),
    ForeignHost("honest-pdf", file(media_bytes.pdf("Eleven names"), "application/pdf"), _HERE, "/documents/eleven-names.pdf"),
    ForeignHost("honest-pdf-as-stream", file(media_bytes.pdf("Eleven names"), "application/octet-stream", (("Content-Disposition", "attachment"),)), _HERE, "/documents/names.pdf"),
    ForeignHost("honest-jpg", file(media_bytes.jpeg("wall"), "image/jpeg"), _HERE, "/photos/wall.jpg"),
    ForeignHost("honest-text", Reply(200, "الأسماء: أحمد، خالد، سارة".encode(), "text/plain; charset=utf-8"), _HERE, "/lists/names.txt"),
    ForeignHost("honest-moved", _to("/en/story/eleven-names", 301), _HERE, others={"/en/story/eleven-names": page(f"<h1>Eleven names</h1>{TEXT}")}),
    ForeignHost("honest-refresh", _refresh("/archive/eleven-names"), _HERE, others={"/archive/eleven-names": page(f"<h1>Eleven names</h1>{TEXT}")}),
    ForeignHost("honest-second-try", _turn(page("<h1>Bad gateway</h1>", title="502", status=502), page(f"<h1>Eleven names</h1>{TEXT}")), _HERE),
    ForeignHost("honest-after-rest", _turn(page("<h1>Slow down</h1>", title="429", status=429, headers=(("Retry-After", "Sun, 22 Nov 2020 10:00:00 GMT"),)), page(f"<h1>Eleven names</h1>{TEXT}")), _HERE),
    ForeignHost("honest-answers-all", page(f"<h1>Eleven names</h1>{TEXT}"), _HERE, others={}),
    ForeignHost("honest-scripts", page(f'<div id="__next"><h1>Eleven names</h1>{TEXT}</div><noscript>You need to enable JavaScript to run this app.</noscript><script id="__NEXT_DATA__" type="application/json">{{"props":{{}}}}</script>'), _HERE),
    ForeignHost("honest-gallery", page('<h1>Wall</h1>' + "".join(f'<img src="/photos/{n}.jpg" alt="">' for n in range(3)) + '<script src="/g.js"></script>', title="Wall: eleven names"), _HERE,
             others={f"/photos/{n}.jpg": file(media_bytes.jpeg(f"wall {n}"), "image/jpeg") for n in range(3)}),
    ForeignHost("honest-works", page("<h1>It works!</h1><p>The radio that the eleven built works, and can be heard in three villages.</p>", title="It works! The radio of the eleven"), _HERE, "/story/radio-works"),
    ForeignHost("honest-checkpoint", page(f'<h1>Stopped at a security check</h1><p>He was held at a security check near the bakery after unusual activity, the council says. {_LINES[0]}</p><form><textarea></textarea><div class="g-recaptcha" data-sitekey="6L"></div></form><script src="https://www.google.com/recaptcha/api.js"></script>', title="Stopped at a security check near the bakery"), _HERE, "/blog/2021/05/09/70012/"),
    ForeignHost("honest-vetting-arabic", page(f'<h1>التحقق الأمني من الموظفين</h1><p>طُلب من الموظفين التحقق الأمني قبل العودة إلى العمل.</p>{_ARABIC[:300]}<form><div class="cf-turnstile"></div></form>', title="التحقق الأمني من الموظفين", lang="ar", headers=_CF), _HERE, "/news/70013"),
    ForeignHost("honest-consent", page(f'<h1>Your consent was never asked</h1><p>The eleven were photographed without consent. {_LINES[1]}</p><footer>This site uses cookies.</footer>', title="Your consent was never asked | The Wall"), _HERE, "/news/70014"),
    ForeignHost("honest-no-results", page("<h1>No results for the families</h1><p>The commission has met nine times, and has found no results for the families of the eleven, it said on Monday.</p>", title="No results for the families"), _HERE, "/news/70015"),
    ForeignHost("honest-age", page("<h1>Are you over 18?</h1><p>Recruiters asked boys whether they were over 18, and took them whatever they said. Three of the eleven were fifteen.</p>", title="“Are you over 18?” How boys were recruited"), _HERE, "/news/70016"),
    ForeignHost("honest-subscriber-box", page(f"<h1>Eleven names</h1><p>{_LINES[0]} {_LINES[1]} {_LINES[2]}</p><aside>Already a subscriber? Sign in to comment.</aside>"), _HERE, "/news/70017"),
    ForeignHost("honest-expired-domain", page("<h1>How a lapsed name cost us the list</h1><p>The domain name expired in 2016, and the list of the eleven with it. A reader had a copy.</p>", title="How a lapsed name cost us the list"), _HERE, "/news/70018"),
    ForeignHost("honest-closed-hospital", page("<h1>Hospital temporarily unavailable</h1><p>The hospital is temporarily unavailable to the wounded after the strike; try again later, they were told.</p>", title="Hospital “temporarily unavailable” after the strike"), _HERE, "/news/70019"),
    ForeignHost("honest-suspended-hosting", page("<h1>Our site was suspended</h1><p>Our site was suspended by its hosting company for two days in May, after a complaint about the eleven names. It is back.</p>", title="Why you could not read us in May"), _HERE, "/news/70020"),
    ForeignHost("honest-coming-soon", page("<h1>Winter is coming soon to the camps</h1><p>Eleven tents have no stove yet. The list of families is with the council.</p>", title="Winter is coming soon to the camps"), _HERE, "/story/winter-camps"),
)

FOREIGN_HOSTS = (*FAILING, *HONEST)


def strange_world(hosts: tuple[ForeignHost, ...] = FOREIGN_HOSTS) -> World:
    modes = {host.host: host.mode for host in hosts if host.mode}
    return World([*map(Hosting, hosts), SaleHost(), Widgets()], modes)


class SaleHost(Site):
    """Where names are sold."""

    hosts = ("www.godaddy.com",)

    def not_found(self, request: Request) -> Reply:
        return page("<h1>Get this domain</h1><p>godaddy-sale.example is for sale. Request a price.</p>", title="godaddy-sale.example is for sale")


class Widgets(Site):
    """Where riddles and their scripts come from."""

    hosts = ("challenges.cloudflare.com", "www.google.com")

    def not_found(self, request: Request) -> Reply:
        return file(b"/* riddles */", "application/javascript")


def manifest(hosts: tuple[ForeignHost, ...] = FOREIGN_HOSTS) -> str:
    """A source manifest that cites each host's page."""
    head = '[report]\nid = "STRANGERS"\ndate = "2021-05-21"\npublished = false\n'
    return head + "".join(f'\n[[source]]\ncited = "{host.cited}"\n' for host in hosts)
