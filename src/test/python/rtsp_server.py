"""A real RTSP server: rtsp_server.py PORT. Serves /plain, /b-frames and /mulaw on the loopback."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

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
for path, pipeline in STREAMS.items():
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {pipeline} )")
    factory.set_shared(True)
    server.get_mount_points().add_factory(path, factory)
server.attach(None)
print("ready", flush=True)
GLib.MainLoop().run()
