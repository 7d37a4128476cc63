const KNOWN_MAJOR = "3";

/** What to say of a version of winston that this bridge does not know; undefined for one that it does. */
export function versionTrouble(version: unknown): string | undefined {
  const text = typeof version === "string" ? version : "of an unknown version";
  if (text.split(".")[0] === KNOWN_MAJOR) return undefined;
  return `Cannot vouch for the bridge to winston: it is winston ${text}, must be 3; its own transports go on as before; try winston 3, or a version of femtologging that knows this one`;
}
