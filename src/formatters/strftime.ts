import { calendarTime, offsetText, type CalendarTime } from "./calendar.ts";

const WEEKDAYS: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];
const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const SHORT_CHARS = 3;
const DAYS_A_WEEK = 7;

/** `%`, a flag and a modifier that the C library of GNU knows, and the directive. */
const DIRECTIVE = /%(?<flag>[-_^0]?)(?:[EO]?)(?<letter>[A-Za-z%])/g;

type Directive = (time: CalendarTime) => string;

/** Directives of C89, of C99, and of the C library of GNU; in the locale "C". `%f` is not among them. */
const DIRECTIVES: Readonly<Record<string, Directive>> = {
  a: ({ weekday }) => (WEEKDAYS[weekday] as string).slice(0, SHORT_CHARS),
  A: ({ weekday }) => WEEKDAYS[weekday] as string,
  b: ({ month }) => (MONTHS[month] as string).slice(0, SHORT_CHARS),
  B: ({ month }) => MONTHS[month] as string,
  c: (time) => expand("%a %b %e %H:%M:%S %Y", time),
  C: ({ year }) => twoDigits(Math.floor(year / 100)),
  d: ({ day }) => twoDigits(day),
  D: (time) => expand("%m/%d/%y", time),
  e: ({ day }) => String(day).padStart(2, " "),
  F: (time) => expand("%Y-%m-%d", time),
  g: (time) => twoDigits(modulo(isoWeek(time).year, 100)),
  G: (time) => String(isoWeek(time).year),
  h: ({ month }) => (MONTHS[month] as string).slice(0, SHORT_CHARS),
  H: ({ hours }) => twoDigits(hours),
  I: ({ hours }) => twoDigits(hours % 12 || 12),
  j: ({ dayOfYear }) => String(dayOfYear + 1).padStart(3, "0"),
  k: ({ hours }) => String(hours).padStart(2, " "),
  l: ({ hours }) => String(hours % 12 || 12).padStart(2, " "),
  m: ({ month }) => twoDigits(month + 1),
  M: ({ minutes }) => twoDigits(minutes),
  n: () => "\n",
  p: ({ hours }) => (hours < 12 ? "AM" : "PM"),
  P: ({ hours }) => (hours < 12 ? "am" : "pm"),
  r: (time) => expand("%I:%M:%S %p", time),
  R: (time) => expand("%H:%M", time),
  s: ({ epochSeconds }) => String(epochSeconds),
  S: ({ seconds }) => twoDigits(seconds),
  t: () => "\t",
  T: (time) => expand("%H:%M:%S", time),
  u: ({ weekday }) => String(weekday === 0 ? DAYS_A_WEEK : weekday),
  U: (time) => twoDigits(weekFrom(time, 0)),
  V: (time) => twoDigits(isoWeek(time).week),
  w: ({ weekday }) => String(weekday),
  W: (time) => twoDigits(weekFrom(time, 1)),
  x: (time) => expand("%m/%d/%y", time),
  X: (time) => expand("%H:%M:%S", time),
  y: ({ year }) => twoDigits(modulo(year, 100)),
  Y: ({ year }) => String(year),
  z: ({ offsetMinutes }) => offsetText(offsetMinutes),
  Z: ({ zone }) => zone,
  "%": () => "%",
};

/**
 * The text of a whole second, as Python's `time.strftime` writes it in the locale "C": what is no directive stays as it
 * is. Pure but for the time zone of the process.
 *
 * @param date A valid date.
 * @see ISO C99 section 7.23.3.5
 */
export function strftime(format: string, date: Date, isUtc: boolean): string {
  return expand(format, calendarTime(date, isUtc));
}

function expand(format: string, time: CalendarTime): string {
  return format.replaceAll(DIRECTIVE, (source, flag: string, letter: string) => {
    const text = DIRECTIVES[letter]?.(time);
    return text === undefined ? source : withFlag(text, flag);
  });
}

function withFlag(text: string, flag: string): string {
  if (flag === "^") return text.toUpperCase();
  if (flag === "-") return text.replace(/^[0 ]+(?=\d)/, "");
  if (flag === "_") return text.replace(/^0+(?=\d)/, (zeros) => " ".repeat(zeros.length));
  return flag === "0" ? text.replace(/^ +(?=\d)/, (spaces) => "0".repeat(spaces.length)) : text;
}

/** The number of the week where weeks begin on `firstDay`; the days before the first of these are week 0. */
function weekFrom({ dayOfYear, weekday }: CalendarTime, firstDay: number): number {
  const daysInto = modulo(weekday - firstDay, DAYS_A_WEEK);
  return Math.floor((dayOfYear + DAYS_A_WEEK - daysInto) / DAYS_A_WEEK);
}

/** ISO 8601: week 1 is the one with the first Thursday. */
function isoWeek({ year, dayOfYear, weekday }: CalendarTime): {
  readonly year: number;
  readonly week: number;
} {
  const thursday = dayOfYear - modulo(weekday - 1, DAYS_A_WEEK) + 3;
  if (thursday < 0) {
    const days = daysOf(year - 1);
    return { year: year - 1, week: Math.floor((thursday + days) / DAYS_A_WEEK) + 1 };
  }
  const days = daysOf(year);
  if (thursday >= days) return { year: year + 1, week: 1 };
  return { year, week: Math.floor(thursday / DAYS_A_WEEK) + 1 };
}

function daysOf(year: number): number {
  const isLeap = modulo(year, 4) === 0 && (modulo(year, 100) !== 0 || modulo(year, 400) === 0);
  return isLeap ? 366 : 365;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
