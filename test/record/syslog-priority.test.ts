import { expect, test } from "vitest";
import { facilityNumber, syslogSeverity } from "../../src/record/syslog-priority.ts";

test("severities of syslog by severity number: the six levels are those of Python, and the order is kept", () => {
  const severities = Array.from({ length: 26 }, (_, number) => syslogSeverity(number));
  expect(severities.join("")).toBe("57777777765554444333321005");
  expect([1, 5, 9, 13, 17, 21].map(syslogSeverity)).toEqual([7, 7, 6, 4, 3, 2]);
});

test.each([
  ["kern", 0],
  ["user", 1],
  ["authpriv", 10],
  ["local0", 16],
  ["local7", 23],
  ["security", 13],
  [0, 0],
  [23, 23],
])("facilityNumber(%j) is %i", (facility, number) => {
  expect(facilityNumber(facility)).toBe(number);
});

test.each([24, -1, 1.5, "1", "LOCAL0", "local8", "toString", "", null, undefined, {}])(
  "facilityNumber(%j) is undefined",
  (facility) => {
    expect(facilityNumber(facility)).toBeUndefined();
  },
);
