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

/** The same without quotes: for texts of Node that have words of the peer in them, such as names in a certificate. */
export function escapePeerText(text: string): string {
  return quotePeerText(text).slice(1, -1).replaceAll('\\"', '"');
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
