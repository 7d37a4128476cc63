import * as fc from "fast-check";

/** What property tests draw from: the same values in each run, so that the gate says the same of the same code. */
const GATE_SEED = 20_251_122;

/**
 * `npm run test:explore` looks for new counterexamples with a seed of its own each time. What it finds becomes a test by
 * example; the seed is in the failure's text and can be given as `PROPERTY_SEED`.
 */
const given = process.env["PROPERTY_SEED"];
fc.configureGlobal(given === "random" ? {} : { seed: given === undefined ? GATE_SEED : Number(given) });
