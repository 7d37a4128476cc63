/** A moment in one time zone, as the fields that people write it with. */
export interface CalendarTime {
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** 0 Sunday to 6. */
  readonly weekday: number;
  /** 0 for 1 January. */
  readonly dayOfYear: number;
  /** Minutes east of Greenwich. */
  readonly offsetMinutes: number;
  readonly zone: string;
  /** Seconds since 1970. */
  readonly epochSeconds: number;
}

const DAY_MILLIS = 86_400_000;
/** Names such as "CET" are known to the locale of a place where they are used; others have none. */
const LOCALES: readonly string[] = ["en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-IN", "en-ZA", "ja-JP"];

let zoneFormats: readonly Intl.DateTimeFormat[] | undefined;

/** The fields of a valid date: in UTC, or in the time zone of the process. */
export function calendarTime(date: Date, isUtc: boolean): CalendarTime {
  const offsetMinutes = isUtc ? 0 : -date.getTimezoneOffset();
  // Shifted so that the fields of UTC are those of the zone; seconds of offsets long ago are in neither.
  const shifted = isUtc ? date : localAsUtc(date);
  const startOfYear = yearStart(shifted.getUTCFullYear());
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    hours: shifted.getUTCHours(),
    minutes: shifted.getUTCMinutes(),
    seconds: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
    dayOfYear: Math.floor((shifted.getTime() - startOfYear) / DAY_MILLIS),
    offsetMinutes,
    zone: isUtc ? "UTC" : zoneName(date, offsetMinutes),
    epochSeconds: Math.floor(date.getTime() / 1000),
  };
}

function localAsUtc(date: Date): Date {
  const shifted = new Date(0);
  shifted.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  shifted.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds());
  return shifted;
}

/** `Date.UTC` takes years below 100 for those of the last century. */
function yearStart(year: number): number {
  const start = new Date(0);
  start.setUTCFullYear(year, 0, 1);
  return start.getTime();
}

/** "CET", "PST"; "+0430" in the manner of the time zone database where a zone has no name in letters. */
function zoneName(date: Date, offsetMinutes: number): string {
  zoneFormats ??= LOCALES.map((locale) => new Intl.DateTimeFormat(locale, { timeZoneName: "short" }));
  for (const format of zoneFormats) {
    const name = format.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value;
    if (name !== undefined && /^[A-Z]{2,5}$/.test(name)) return name;
  }
  return offsetText(offsetMinutes).replace(/00$/, "");
}

/** "+0100". */
export function offsetText(minutes: number): string {
  const size = Math.abs(Math.round(minutes));
  const hours = String(Math.floor(size / 60)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${hours}${String(size % 60).padStart(2, "0")}`;
}
