package dev.zoetrope.onvif;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * One element of a message, read leniently: by local name, since prefixes are each device's own and
 * some devices get the namespace wrong where only one can be meant.
 *
 * <p>A document type is refused, and with it every entity; so is nesting deeper than 64. Confined
 * to one thread.
 */
final class Xml {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_TEXT = 2048;

  private final Element element;

  private Xml(Element element) {
    this.element = element;
  }

  /**
   * @throws IOException no XML, or XML with a document type; the message says which
   */
  static Xml read(byte[] bytes, int length) throws IOException {
    try {
      DocumentBuilder builder = factory().newDocumentBuilder();
      builder.setErrorHandler(new Strict());
      return new Xml(
          builder.parse(new ByteArrayInputStream(bytes, 0, length)).getDocumentElement());
    } catch (SAXException e) {
      throw new IOException("not the XML of a device: " + plain(e.getMessage()), e);
    } catch (ParserConfigurationException e) {
      throw new AssertionError(e); // each of these features is one of the JDK's own parser
    }
  }

  private static DocumentBuilderFactory factory() throws ParserConfigurationException {
    // The JDK's own, whatever else an application server has on its class path.
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    factory.setExpandEntityReferences(false);
    factory.setXIncludeAware(false);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setAttribute("jdk.xml.maxElementDepth", MAX_DEPTH);
    return factory;
  }

  /** Every element below this one, at any depth, with this local name, in document order. */
  List<Xml> all(String localName) {
    List<Xml> found = new ArrayList<>();
    collect(element, localName, found);
    return found;
  }

  private static void collect(Element parent, String localName, List<Xml> found) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        if (localName.equals(child.getLocalName())) {
          found.add(new Xml(child));
        }
        collect(child, localName, found);
      }
    }
  }

  /** The first element at the end of this way down; each step goes to any depth. */
  Optional<Xml> first(String... way) {
    Xml at = this;
    for (String step : way) {
      List<Xml> next = at.all(step);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      at = next.get(0);
    }
    return Optional.of(at);
  }

  /** The trimmed text at the end of this way down, if it is there and not blank. */
  Optional<String> text(String... way) {
    return first(way).map(Xml::text).filter(text -> !text.isEmpty());
  }

  /** The trimmed text, at most 2048 characters of it. */
  String text() {
    String text = element.getTextContent().trim();
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  /** The number at the end of this way down; 0 if there is none, or none that is positive. */
  int number(String... way) {
    try {
      // Frame rates are integers in Media1 and floats in Media2.
      double number = Double.parseDouble(text(way).orElse("0"));
      return number > 0 && number <= Integer.MAX_VALUE ? (int) Math.round(number) : 0;
    } catch (NumberFormatException e) {
      return 0; // as if the device had left it out, as many do
    }
  }

  /** The attribute of no namespace; empty if there is none. */
  String attribute(String name) {
    return element.getAttribute(name);
  }

  /** {@code text} on one line, at most 200 characters, without what could steer a terminal. */
  static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").trim();
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }

  /** {@code text} as the content of an element. */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Keeps the parser from writing to the console, as it does without. */
  private static final class Strict implements ErrorHandler {
    @Override
    public void warning(SAXParseException exception) {}

    @Override
    public void error(SAXParseException exception) throws SAXException {
      throw exception;
    }

    @Override
    public void fatalError(SAXParseException exception) throws SAXException {
      throw exception;
    }
  }
}
