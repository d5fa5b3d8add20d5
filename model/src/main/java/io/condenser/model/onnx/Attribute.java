package io.condenser.model.onnx;

/** A setting of an operator: an {@code AttributeProto}, name 1, f 2, i 3, ints 8, type 20. */
public final class Attribute {
  private final Message message = new Message();

  private Attribute(String name) {
    message.text(1, name);
  }

  /** A whole number. */
  public static Attribute of(String name, long value) {
    Attribute attribute = new Attribute(name);
    attribute.message.number(3, value).number(20, 2);
    return attribute;
  }

  /** A number. */
  public static Attribute of(String name, float value) {
    Attribute attribute = new Attribute(name);
    attribute.message.decimal(2, value).number(20, 1);
    return attribute;
  }

  /** Several whole numbers. */
  public static Attribute ofAll(String name, long... values) {
    Attribute attribute = new Attribute(name);
    for (long value : values) {
      attribute.message.number(8, value);
    }
    attribute.message.number(20, 7);
    return attribute;
  }

  /** Its fields. */
  Message message() {
    return message;
  }
}
