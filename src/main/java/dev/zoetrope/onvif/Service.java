package dev.zoetrope.onvif;

/**
 * The services of a device that are asked.
 *
 * @see "ONVIF Core Specification, 8 (device management); Media Service Specification, 5; Media2
 *     Service Specification, 5"
 */
enum Service {
  DEVICE("http://www.onvif.org/ver10/device/wsdl"),
  MEDIA("http://www.onvif.org/ver10/media/wsdl"),
  MEDIA2("http://www.onvif.org/ver20/media/wsdl");

  final String namespace;

  Service(String namespace) {
    this.namespace = namespace;
  }
}
