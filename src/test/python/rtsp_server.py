"""A real RTSP server: rtsp_server.py PORT [USER PASSWORD]. Serves /plain, /b-frames and /mulaw on the loopback."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
gi.require_version("GstRtsp", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1"
TONE = "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0"
PAY = "h264parse ! rtph264pay name=pay0 pt=96 config-interval=1"


def x264(settings):
    return f"{PICTURE} ! x264enc speed-preset=veryfast key-int-max=25 {settings} ! {PAY}"


STREAMS = {
    "/plain": x264("tune=zerolatency bframes=0"),
    "/b-frames": x264("bframes=2 b-adapt=false rc-lookahead=3 sync-lookahead=0"),
    "/mulaw": x264("tune=zerolatency bframes=0") + f" {TONE}",
}

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
user, password = sys.argv[2:] or (None, None)
if user:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)  # as cameras do
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
for path, pipeline in STREAMS.items():
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {pipeline} )")
    factory.set_shared(True)
    if user:
        permissions = GstRtspServer.RTSPPermissions()
        for permission in ("media.factory.access", "media.factory.construct"):
            permissions.add_permission_for_role("viewer", permission, True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
