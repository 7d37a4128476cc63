// Words that a receiver's thread shares with the test.
//   word  name          meaning
//      0  RECORD_COUNT  records taken
//      1  NUMBER_COUNT  those of them that carry a number
//      2  FIRST_NUMBER  the numbers, in the order of their coming

export const RECORD_COUNT = 0;
export const NUMBER_COUNT = 1;
export const FIRST_NUMBER = 2;
export const NUMBERS_MAX = 400_000;
