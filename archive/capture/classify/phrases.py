"""What pages say that are not what was cited, in the languages in which our sources are written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.capture.classify.quotes import fold

SHORT = 1500
"""Characters of text up to which a page may be nothing but an excuse."""


def _folded(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(phrase) for phrase in phrases)


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
        "this page isn't available", "content isn't available",
        "الصفحة غير موجودة", "لم يتم العثور على الصفحة", "الصفحة المطلوبة", "الصفحة التي تبحث عنها",
        "الصفحة التي طلبتها", "لم نعثر على", "غير موجودة أو", "تم حذف", "ربما تم نقل", "لم تعد متوفرة", "لم تعد موجودة",
        "page introuvable", "page demandée", "seite nicht gefunden", "seite wurde nicht gefunden",
        "página no encontrada", "página não encontrada", "pagina non trovata", "страница не найдена",
        "sayfa bulunamadı", "صفحه یافت نشد",
    )
)  # fmt: skip

LOGIN_TITLES = frozenset(
    _folded(
        (
            "log in", "login", "sign in", "signin", "log in or sign up", "log in to continue", "sign in to continue",
            "please log in", "please sign in", "login required", "authentication required", "log in to facebook",
            "log into facebook", "log in to your account", "sign in to your account", "member login", "user login",
            "login to view", "تسجيل الدخول", "تسجيل دخول", "سجل الدخول", "الدخول", "دخول الأعضاء", "connexion",
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
        "registered and logged in to view", "sign in to view", "يجب تسجيل الدخول", "يجب عليك تسجيل الدخول",
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
CONSENT_TEXTS = _folded(("cookie", "ملفات تعريف الارتباط", "الكوكيز", "файлы cookie", "consent"))

GEO_TEXTS = _folded(
    (
        "not available in your country", "not available in your region", "unavailable in your country",
        "unavailable in your region", "not available in your location", "access from your country",
        "blocked in your country", "block access from your country", "banned your country", "your country or region",
        "the country or region your ip address is in", "from your geographic location", "in your geographic region",
        "غير متاح في بلدك", "غير متوفر في بلدك", "غير متاح في منطقتك", "غير متوفر في منطقتك", "محظور في بلدك",
        "nicht in deinem land verfügbar", "pas disponible dans votre pays", "no está disponible en su país",
    )
)  # fmt: skip

_SEGMENTS = re.compile(r"\s+[-–—/]\s+|\s*[|»«·•‹›]+\s*")


def title_says(title: str, phrases: frozenset[str]) -> bool:
    """True where the title, or a whole part of it between dashes or bars, is one of the phrases."""
    segments = [fold(segment) for segment in (*_SEGMENTS.split(title), title)]
    return any(segment in phrases for segment in segments if segment)


def title_says_not_found(title: str) -> bool:
    """True where a whole part of the title says so, "404", "Error" and "Oops" aside."""
    for segment in (*_SEGMENTS.split(title), title):
        words = fold(segment).split()
        left = [word for word in words if word not in _EXCUSES]
        if " ".join(left) in NOT_FOUND_TITLES or (words and not left and "404" in words):
            return True
    return False


def text_says(text: str, phrases: tuple[str, ...]) -> str | None:
    """The first of the phrases that the text holds."""
    folded = fold(text)
    return next((phrase for phrase in phrases if phrase in folded), None)
