package dev.zoetrope.admin;

import dev.zoetrope.capture.Devices;
import dev.zoetrope.capture.EncoderTrial;
import dev.zoetrope.capture.Ffmpeg;
import dev.zoetrope.capture.VideoDevice;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;

/** {@code GET /api/v1/devices}: what this machine has to capture from, and to encode with. */
final class DeviceResource {
  private final Ffmpeg ffmpeg;

  DeviceResource(Ffmpeg ffmpeg) {
    this.ffmpeg = ffmpeg;
  }

  JsonObject all() throws Problem {
    Devices devices = new Devices(ffmpeg);
    JsonArrayBuilder webcams = Json.createArrayBuilder();
    JsonArrayBuilder piCameras = Json.createArrayBuilder();
    JsonArrayBuilder displays = Json.createArrayBuilder();
    try {
      devices.webcams().forEach(webcam -> webcams.add(describe(webcam)));
      devices
          .piCameras()
          .forEach(
              camera ->
                  piCameras.add(
                      Json.createObjectBuilder()
                          .add("camera", camera.number())
                          .add("model", camera.model())
                          .add("size", camera.size())));
      devices.displays().forEach(displays::add);
    } catch (IOException e) {
      throw new Problem(500, "the devices cannot be listed: " + e.getMessage());
    }
    JsonArrayBuilder encoders = Json.createArrayBuilder();
    ffmpeg.encoders().forEach(trial -> encoders.add(describe(trial)));
    return Json.createObjectBuilder()
        .add("webcams", webcams)
        .add("piCameras", piCameras)
        .add("displays", displays)
        .add("encoder", ffmpeg.h264Encoder())
        .add("hardwareEncoders", encoders)
        .build();
  }

  static JsonObject describe(EncoderTrial trial) {
    return Json.createObjectBuilder()
        .add("name", trial.name())
        .add("outcome", trial.outcome().name())
        .add("text", trial.text())
        .build();
  }

  private static JsonObject describe(VideoDevice webcam) {
    JsonArrayBuilder forms = Json.createArrayBuilder();
    webcam
        .forms()
        .forEach(
            form ->
                forms.add(
                    Json.createObjectBuilder()
                        .add("name", form.name())
                        .add("sizes", Json.createArrayBuilder(form.sizes()))));
    return Json.createObjectBuilder()
        .add("device", webcam.device().toString())
        .add("name", webcam.name())
        .add("forms", forms)
        .build();
  }
}
