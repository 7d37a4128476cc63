// A template is the text of a call before its holes are filled: 'Order {orderId} took {ms} ms', 'retry %d of %d'.
//
//   written            means
//   {name}             the attribute `name`
//   {a.b}              the attribute `a.b`, else `b` inside of the attribute `a`
//   %s %d %i %f        the next positional argument as text, as a number, as an integer, as a decimal
//   %j %o %O           the next positional argument as JSON
//   {{ … }}            a brace each, as a pair: `{{x}}` is the text `{x}`
//   %%                 a percent sign, in a template that has a % hole; elsewhere two, as `console.log` does it
//
// All else is text and stays as written, so that text which was never meant as a template keeps its shape: braces without
// partner, `{}`, `{0}`, `{ a }`, `{a:1}`, `%x`, and the `}}` at the end of JSON. There are no format specs: `{ms:.2f}` is text.
// The types of src/logger/template-types.ts read a literal template by the same rules; change both.

/** What a printf hole does with its argument: text, number, integer, decimal, JSON (`j`, `o` and `O` alike). */
export type PrintfConversion = "s" | "d" | "i" | "f" | "j" | "o" | "O";

/** Text between holes, escapes resolved; never empty, and never two in a row. */
export interface LiteralPiece {
  readonly kind: "literal";
  readonly text: string;
}

/** A hole that an attribute fills: the one whose key is the whole path, else the inside of a map. */
export interface NamedPiece {
  readonly kind: "named";
  /** The name as written, such as "user" or "http.request.method". */
  readonly path: string;
}

/** A hole that a positional argument fills. */
export interface PrintfPiece {
  readonly kind: "printf";
  readonly conversion: PrintfConversion;
  /** Which positional argument: 0 is the first. */
  readonly index: number;
}

/** A part of a template. A hole without a value is shown as it was written: {@link holeSource}. */
export type Piece = LiteralPiece | NamedPiece | PrintfPiece;

/** A template taken apart. */
export interface ParsedTemplate {
  /** `printf` with at least one % hole (named ones may stand beside it), `named` with named holes only, else `plain`. */
  readonly style: "plain" | "named" | "printf";
  readonly pieces: readonly Piece[];
  /** Positional arguments that the % holes take; those beyond are shown after the text. */
  readonly argumentCount: number;
}

/** UTF-16 units that are searched for holes; what follows is text. */
const searchedUnitsMax = 65_536;

/** Holes and escapes that are recognized; what follows is text. */
const tokensMax = 512;

/**
 * Escapes and holes, from left to right. A name is 1 to 128 units without control characters, spaces and the ASCII
 * characters that names never have; it begins with a letter, `_`, `$`, `@` or beyond ASCII.
 */
const tokenPattern =
  /\{\{|\}\}|\{([^\0- !"#%&'()*+,:;<=>?[\\\]^`{|}~\x7f0-9./-][^\0- !"#%&'()*+,:;<=>?[\\\]^`{|}~\x7f]{0,127})\}|%([%sdifjoO])/g;

interface Token {
  /** UTF-16 index into the template. */
  readonly at: number;
  readonly source: string;
  readonly piece: NamedPiece | PrintfPiece | undefined;
}

/**
 * Takes a template apart. Pure, any thread. Never throws; time and memory are linear in the text, and bounded.
 *
 * @param text Any text, of any length: from 65,536 UTF-16 units and from 512 holes on, the rest is text.
 * @returns The pieces in the order of the text. A text without holes and escapes is one literal piece; "" has none.
 */
export function parseTemplate(text: string): ParsedTemplate {
  if (!text.includes("{") && !text.includes("%")) return plain(text);
  const tokens = findTokens(text);
  const argumentCount = tokens.filter((token) => token.piece?.kind === "printf").length;
  const pieces = joinPieces(text, tokens, argumentCount > 0);
  if (argumentCount > 0) return { style: "printf", pieces, argumentCount };
  const isNamed = pieces.some((piece) => piece.kind === "named");
  return { style: isNamed ? "named" : "plain", pieces, argumentCount };
}

/**
 * Writes a hole as it stood in the template: what is shown in its place when it has no value. Pure.
 *
 * @returns For example "{user}" or "%d".
 */
export function holeSource(hole: NamedPiece | PrintfPiece): string {
  return hole.kind === "named" ? `{${hole.path}}` : `%${hole.conversion}`;
}

function plain(text: string): ParsedTemplate {
  return { style: "plain", pieces: text === "" ? [] : [{ kind: "literal", text }], argumentCount: 0 };
}

function findTokens(text: string): Token[] {
  const searched = text.length > searchedUnitsMax ? text.slice(0, searchedUnitsMax) : text;
  const tokens: Token[] = [];
  let argumentCount = 0;
  for (const match of searched.matchAll(tokenPattern)) {
    const [source, path, conversion] = match;
    let piece: Token["piece"];
    if (path !== undefined) {
      if (!isPath(path)) continue;
      piece = { kind: "named", path };
    } else if (conversion !== undefined && conversion !== "%") {
      piece = { kind: "printf", conversion: conversion as PrintfConversion, index: argumentCount++ };
    }
    tokens.push({ at: match.index, source, piece });
    if (tokens.length === tokensMax) break;
  }
  return tokens;
}

/** The pattern leaves dots to us: no part between them may be empty. */
function isPath(name: string): boolean {
  return !name.endsWith(".") && !name.includes("..");
}

function joinPieces(text: string, tokens: readonly Token[], hasPrintfHoles: boolean): Piece[] {
  const escapes = findEscapes(tokens, hasPrintfHoles);
  const pieces: Piece[] = [];
  let literal = "";
  let takenTo = 0;
  for (const token of tokens) {
    if (token.piece === undefined && !escapes.has(token)) continue;
    literal += text.slice(takenTo, token.at);
    takenTo = token.at + token.source.length;
    if (token.piece === undefined) {
      literal += token.source.charAt(0);
      continue;
    }
    if (literal !== "") pieces.push({ kind: "literal", text: literal });
    literal = "";
    pieces.push(token.piece);
  }
  literal += text.slice(takenTo);
  if (literal !== "") pieces.push({ kind: "literal", text: literal });
  return pieces;
}

/** Of the tokens that are no holes those that stand for one character: `{{` with its `}}`, and `%%` beside a % hole. */
function findEscapes(tokens: readonly Token[], hasPrintfHoles: boolean): ReadonlySet<Token> {
  const escapes = new Set<Token>();
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.source === "%%" && hasPrintfHoles) escapes.add(token);
    if (token.source === "{{") open.push(token);
    if (token.source !== "}}") continue;
    const partner = open.pop();
    if (partner !== undefined) escapes.add(partner).add(token);
  }
  return escapes;
}
