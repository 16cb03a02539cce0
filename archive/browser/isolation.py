"""Isolates the browser: no request and no socket of it reaches anybody except through us.

Requests of pages are paused before they leave (`intercept`). These switches hold whatever is no such request: the
browser's own calls, look-ups, sockets of pages. Each is tried against a listener by the tests.
"""

from __future__ import annotations

SWITCHES = (
    # No name means anything, numbers included.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Every connection, loopback's too, needs a proxy that does not exist: one rule for all kinds of sockets.
    "--proxy-server=http://nowhere.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    # A STUN server given by number needs no look-up, and UDP takes no proxy. (RFC 8828, section 5, mode 4)
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--no-pings",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--disable-crash-reporter",
)
FEATURES_OFF = (
    "HttpsUpgrades",  # http URLs would become https
    "HttpsFirstBalancedModeAutoEnable",
    "Prerender2",
    "WebRtcHideLocalIpsWithMdns",  # it announces made-up names by multicast
    "Translate",
    # A second list takes the place of the driver's own, so what its list is for stands here too.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "LensOverlay", "MediaRouter"),
    *("PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn"),
)
APPEARANCE = ("--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none")
"""Makes the same page look the same on another machine."""


def arguments(user_agent: str | None = None) -> list[str]:
    """The switches that the browser is started with. Prints name its User-Agent, and with it the system."""
    named = [f"--user-agent={user_agent}"] if user_agent is not None else []
    return [*SWITCHES, f"--disable-features={','.join(FEATURES_OFF)}", *APPEARANCE, *named]


OMITTED_SWITCHES = ("--disable-popup-blocking",)
"""Switches that the driver would set and we do not want."""

INIT_SCRIPT = """
for (const kind of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]) delete globalThis[kind];
if (globalThis.ServiceWorkerContainer) {
  ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException("not here", "SecurityError"));
}
"""
"""Runs in every frame before the page's own scripts: it removes what the switches would block."""
