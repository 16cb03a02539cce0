"""What a static reader can find of each source that the pilot cites: written by hand, not by parsing the pages."""

# ruff: noqa: E501 -- URLs are as long as they are

from __future__ import annotations

from dataclasses import dataclass

from tests.world.sites import brightcove, coe, drive, faselhd, snhr, unwebtv, youtube

_THEME = snhr.BASE + snhr.THEME
_UPLOADS = snhr.BASE + snhr.UPLOADS
_STATS = snhr.BASE + snhr.STATS_FILES
_FONTS = "https://fonts.gstatic.com/s"
_LOGO = f"{_UPLOADS}/2018/01/cropped-logo"
_WATCH = f"{youtube.BASE}/watch?v=ut0DuECJLjs"


@dataclass(frozen=True, slots=True)
class Expected:
    """One cited source: what must be requested, what may be, and what responds with an error."""

    cited: str
    hops: tuple[str, ...]
    """From the cited URL to the page, both included."""
    requisites: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    """Of the two above: what the server itself answers with 404."""
    extras: frozenset[str] = frozenset()
    """What a reader may ask for, and need not."""
    media: frozenset[str] = frozenset()
    """Of the requisites: what `--no-media` leaves out."""

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset(self.hops) | self.requisites | self.documents


def _under(base: str, *names: str) -> frozenset[str]:
    return frozenset(f"{base}/{name}" for name in names)


def _favicon(*origins: str) -> frozenset[str]:
    return frozenset(f"{origin}/favicon.ico" for origin in origins)


_WORDPRESS = (
    _under(
        _THEME, "style.css?ver=1.4", "css/layout.css?v=1", "css/grid.css", "css/type.css", "js/main.js?ver=1.4", "img/logo.svg",
        "img/paper.png", "img/hero.png", "img/hero@2x.png", "img/pen.ico", "img/link%20mark.png", "img/a(b).png", "img/print.png",
        "img/grid.png", "img/border.png", "img/not-there.png", "fonts/snhr-icons.woff2?v=4.7.0", "fonts/naskh.woff2",
        "fonts/naskh.eot?",
    )
    | _under(
        snhr.BASE, "wp-includes/css/dist/block-library/style.min.css?ver=5.7.2", "wp-includes/js/jquery/jquery.min.js?ver=3.5.1"
    )
    | {"https://fonts.googleapis.com/css2?family=Cairo:wght@400;700&display=swap"}
    | _under(_FONTS, "cairo/v10/arabic.woff2", "cairo/v10/latin.woff2")
    | {f"{_LOGO}-32x32.png", f"{_LOGO}-192x192.png", f"{_LOGO}-180x180.png"}
)  # fmt: skip
_ABSENT = _under(_THEME, "img/not-there.png")


def _wordpress_extras(post: snhr.Post) -> frozenset[str]:
    return frozenset({
        f"{_LOGO}-270x270.png",
        f"{_THEME}/contrast.css",
        f"{snhr.BASE}/wp-includes/images/w-logo-blue-white-bg.png",
        f"{snhr.BASE}/wp-json/wp/v2/posts/{post.id}",
        f"{snhr.BASE}/wp-json/oembed/1.0/embed?url=https%3A%2F%2Fsn4hr.org{post.path.replace('/', '%2F')}",
        f"{snhr.BASE}/?p={post.id}",
        post.url,
    }) | _favicon(snhr.BASE)  # fmt: skip


_CONFESSIONS, _SARA, _DOUMA, _KINSHIP = snhr.POSTS

PILOT = (
    Expected(
        _CONFESSIONS.url,
        (_CONFESSIONS.url,),
        _WORDPRESS
        | _under(
            snhr.PHOTON, "2019/04/ali-othman.jpg?resize=600%2C400&ssl=1", "2019/04/ali-othman.jpg?w=1200&ssl=1",
            "2019/04/ali-othman.jpg?resize=300%2C200&ssl=1", "2019/04/ali-othman.jpg?w=300,200&ssl=1",
            "2019/04/ali-othman.jpg?resize=600%2C400&is-pending-load=1",
        )
        | _under(
            _UPLOADS, "2019/04/ali-othman.jpg", "2019/04/map-of-arrests-300x200.png", "2019/04/map-of-arrests-768x512.png"
        )
        | _under(youtube.BASE, "embed/tVsGfh1cDl8?feature=oembed", youtube.SHEET[1:], youtube.PLAYER[1:], "s/player/icon.png"),
        _under(
            _UPLOADS, "2019/04/%d8%aa%d9%82%d8%b1%d9%8a%d8%b1-%d8%b9%d9%84%d9%8a-%d8%b9%d8%ab%d9%85%d8%a7%d9%86.pdf",
            "2019/04/Ali-Othman_en.pdf", "2019/04/map-of-arrests-full.png",
        ),
        _ABSENT,
        _wordpress_extras(_CONFESSIONS) | _favicon(youtube.BASE),
    ),
    Expected(
        f"{snhr.BASE}/?p=24105",
        (f"{snhr.BASE}/?p=24105", _SARA.url),
        _WORDPRESS
        | _under(
            _UPLOADS, "2016/06/sara-banner.jpg", "2016/06/sara-640.jpg", "2016/06/sara-1280.jpg", "2016/06/gallery-bg.png",
            "2016/06/vigil.webp", "2016/06/vigil@2x.webp", "2016/06/vigil.jpg", "2016/06/table-paper.png",
        ),
        _under(
            _UPLOADS, "2016/06/%D8%A8%D9%8A%D8%A7%D9%86-%D8%B3%D8%A7%D8%B1%D8%A9-%D8%AE%D8%A7%D9%84%D8%AF-"
            "%D8%A7%D9%84%D8%B9%D9%84%D8%A7%D9%88.pdf"
        ),
        _ABSENT,
        _wordpress_extras(_SARA),
    ),
    Expected(
        _WATCH,
        (_WATCH,),
        _under(
            youtube.BASE, youtube.SHEET[1:], youtube.PLAYER[1:], "s/player/icon.png", "s/desktop/d743f786/img/favicon.ico",
            "s/desktop/d743f786/img/favicon_144x144.png",
        )
        | {youtube.FONTS, f"{_FONTS}/roboto/v30/latin.woff2", "https://i.ytimg.com/vi/ut0DuECJLjs/maxresdefault.jpg"},
        extras=_under(youtube.BASE, "manifest.webmanifest", "embed/ut0DuECJLjs")
        | {
            "https://i.ytimg.com/vi/ut0DuECJLjs/hqdefault.jpg", "https://i.ytimg.com/generate_204",
            f"{youtube.BASE}/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dut0DuECJLjs",
        }
        | _favicon(youtube.BASE),
    ),
    Expected(
        _DOUMA.url,
        (_DOUMA.url,),
        _WORDPRESS
        | _under(
            _UPLOADS, "2018/04/douma-poster.jpg", "2018/04/douma-2018-04-07.mp4", "2018/04/douma-ar.vtt", "2018/04/overlay.png",
            "2018/04/timeline.svg", "2018/04/siren.mp3", "2018/04/donate-button.png",
        )
        | _under(_THEME, "img/sprite.svg")
        | _under(
            _STATS, "old.css", "td.gif", "%D8%AE%D9%84%D9%81%D9%8A%D8%A9.gif", "chart.php?city=%CF%E6%E3%C7&y=2018",
            "%D8%B6%D8%AD%D8%A7%D9%8A%D8%A7/map.png",
        )
        | {f"{snhr.BASE}/arabic/stats/51899.html"},
        _under(_UPLOADS, "2018/04/Douma_victims.xlsx", "2018/04/Douma_statement.docx", "2018/04/%d8%af%d9%88%d9%85%d8%a7.pdf"),
        _ABSENT,
        _wordpress_extras(_DOUMA) | _under(_STATS, "counter.html"),
        _under(_UPLOADS, "2018/04/douma-2018-04-07.mp4", "2018/04/siren.mp3"),
    ),
    Expected(
        f"https://{faselhd.HOST}{faselhd.VIDEO}",
        (f"https://{faselhd.HOST}{faselhd.VIDEO}",),
        extras=_favicon(f"https://{faselhd.HOST}"),
    ),
    Expected(
        coe.BASE + coe.CITED,
        (coe.BASE + coe.CITED,),
        _under(
            coe.BASE, coe.COMBO[1:], coe.SCRIPTS[1:], "o/coe-theme/css/deep/one.css", "o/coe-theme/css/deep/two.css",
            "o/coe-theme/css/deep/gone.css", "o/coe-theme/css/deep/one.png", "o/coe-theme/css/banner.css?t=1617184000000",
            "o/coe-theme/fonts/coe.woff2", "images/icons.png?t=1", "o/coe-theme/images/favicon.ico", "o/coe-theme/images/header.jpg",
            "o/coe-theme/images/logo-coe.svg", "o/coe-theme/js/cookies.js", coe.ORIGINAL[1:], *(p[1:] for p in coe.PICTURES),
        ),
        _under(coe.BASE, coe.BROCHURE[1:]),
        _under(coe.BASE, "o/coe-theme/css/deep/gone.css"),
        _favicon(coe.BASE) | {coe.BASE + coe.ARTICLE},
    ),
    Expected(
        f"http://{unwebtv.HOST}{unwebtv.OLD}",
        (f"http://{unwebtv.HOST}{unwebtv.OLD}", f"https://{unwebtv.HOST}{unwebtv.OLD}"),
        extras=_under(f"https://{unwebtv.HOST}", unwebtv.SHEET[1:], "themes/custom/untv/bg.png", "themes/custom/untv/favicon.ico")
        | _favicon(f"https://{unwebtv.HOST}")
        | {f"{scheme}://{unwebtv.HOST}/watch/{unwebtv.OLD.partition('/watch/')[2]}" for scheme in ("http", "https")}
        | {f"https://{brightcove.PLAYERS}/{brightcove.ACCOUNT}/default_default/index.html?videoId={brightcove.VIDEO}"},
    ),
    Expected(
        f"{snhr.BASE}/?p=55768",
        (f"{snhr.BASE}/?p=55768", _KINSHIP.url),
        _WORDPRESS
        | _under(
            _UPLOADS, "2021/02/quote-mark.png", "2021/02/mask.svg", "2021/02/chart.png", "2021/02/hero-400.jpg",
            "2021/02/hero-800.jpg", "2021/02/card.jpg",
        )
        | _under(snhr.PHOTON, "2021/02/chart.png?fit=1024,683&ssl=1", "2021/02/chart.png?fit=512,342&ssl=1")
        | {"https://i2.wp.com/sn4hr.org/wp-content/uploads/2021/02/chart.png?resize=150%2C100&ssl=1"}
        | _under(_THEME, "img/pinned.svg"),
        _under(
            _UPLOADS, "2021/02/Detained_as_hostages_en.pdf", "2021/02/annex-gone.pdf",
            "2021/02/%d9%85%d8%b9%d8%aa%d9%82%d9%84%d9%88%d9%86-%d8%b1%d9%87%d8%a7%d8%a6%d9%86.pdf",
        ),
        _ABSENT | _under(_UPLOADS, "2021/02/annex-gone.pdf"),
        _wordpress_extras(_KINSHIP) | _under(_UPLOADS, "2021/02/only-in-a-template.png") | _under(snhr.BASE, "site.webmanifest"),
    ),
    Expected(
        f"https://{drive.HOST}{drive.VIEW}",
        (f"https://{drive.HOST}{drive.VIEW}",),
        frozenset({
            f"https://{drive.PHOTOS}/drive-viewer/AEYmBYT0=w1200-h630-p",
            f"https://{drive.HOST}/images/branding/drive_2020q4_32dp.png",
        }),
        extras=frozenset({
            f"https://{drive.HOST}/uc?id={drive.ID}&export=download", f"https://{drive.HOST}{drive.UC}",
            f"https://{drive.CONTENT}{drive.DOWNLOAD}", f"https://{drive.CONTENT}{drive.CONFIRMED}",
        }) | _favicon(f"https://{drive.HOST}"),
    ),
)  # fmt: skip
"""In the order of first citation."""
