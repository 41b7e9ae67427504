// Messages that the server has translated. Each page sets its own.

let messages = {};

export const setMessages = (translated) => {
  messages = translated;
};

/** Fill the {placeholders} of a text. One without a value stays as it is. */
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (placeholder, name) => (name in values ? String(values[name] ?? "") : placeholder));

/** Return the message of this name with its {placeholders} filled. */
export const say = (name, values = {}) => fill(messages[name] ?? name, values);
