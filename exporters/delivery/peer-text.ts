/** Text of a peer that an error repeats, in UTF-16 units: an HTML page must not fill the terminal. */
const peerTextMax = 256;

/** What is no control character to JSON and still steers terminals or turns the direction of text around. */
const unsafeCharacter: RegExp = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Puts text of a peer into quotes, so that it cannot pass for our own words, start a line or steer a terminal (CWE-117):
 * controls are escaped as in JSON, and it is cut at 256 characters.
 */
export function quotePeerText(text: string): string {
  const shown = text.length > peerTextMax ? `${text.slice(0, peerTextMax)}…` : text;
  return JSON.stringify(shown).replaceAll(unsafeCharacter, escapeUnit);
}

/** An error of OpenSSL as Node has it: thread, number, library, function, then the reason, file, line and data. */
const openSslError: RegExp = /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/;

/**
 * The same without quotes: for texts of Node that have words of the peer in them, such as names in a certificate. Of an
 * error of OpenSSL it is the reason alone: `tlsv13 alert certificate required`.
 */
export function escapePeerText(text: string): string {
  const reason = openSslError.exec(text)?.[1] ?? text;
  return quotePeerText(reason).slice(1, -1).replaceAll('\\"', '"');
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
