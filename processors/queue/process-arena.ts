import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { Arena, createArena, isArenaMemory } from "./arena.ts";
import { ARENA_VERSION } from "./layout.ts";
import { listenToThreads, receiveFromThreads, tellThreads, type ThreadMessage } from "./thread-channel.ts";

// How the threads of a process come to one arena. It lies in the environment data that each thread hands on to those it starts,
// from the import of this package on. A thread that was started before that asks on a channel that all threads listen to; who has the arena
// of the main thread answers. If nobody does it makes one, and moves when it hears of that of the main thread. Threads of a main thread
// that does not use this package stay apart from each other, such as those of a test runner.

const ARENA_KEY = `femtologging.arena.${ARENA_VERSION}`;
const LAYOUTS_KEY = "femtologging.layouts";
const KIND = "arena";
/** How long a thread that inherited nothing waits for an answer with its first use: a turn of another thread's event loop, on a busy machine. */
const ANSWER_MILLIS = 250;
const LOOK_MILLIS = 1;

interface ArenaMessage extends ThreadMessage {
  readonly memory: SharedArrayBuffer | undefined;
  readonly isQuestion: boolean;
}

/** Takes a thread to another arena. False where it cannot go: it has handlers in its own. */
export type Mover = (arena: Arena) => boolean;

let processArena: Arena | undefined;
let mover: Mover = () => true;
let hasJoined = false;
let isAlone = false;

/** Makes the arena of the process known to this thread, and to those that it starts from now on. At import. */
export function joinProcess(): void {
  if (hasJoined) return;
  hasJoined = true;
  processArena = inheritedArena() ?? (isMainThread ? makeArena() : undefined);
  if (processArena === undefined) {
    listen();
    tellThreads(messageOf(undefined, true));
  } else {
    // Threads that inherited nothing may wait a moment for this one: channels would make each import of the package longer.
    setImmediate(meetThreads);
  }
}

function listen(): void {
  listenToThreads(KIND, (message) => hear(message as ArenaMessage));
}

/** To those that were started before this thread had the arena. */
function meetThreads(): void {
  listen();
  if (isMainThread && processArena !== undefined) tellThreads(messageOf(processArena, false));
}

/** The arena of the process. The first call on a thread that has inherited none waits a moment for that of the others. */
export function openProcessArena(): Arena {
  joinProcess();
  return (processArena ??= awaitArena() ?? makeArena());
}

/** The arena, where this thread has one by now. */
export function knownProcessArena(): Arena | undefined {
  return processArena;
}

/** Says what takes this thread to another arena; it must be able to when it has begun to record. */
export function setMover(move: Mover): void {
  mover = move;
}

/** True while this is a thread that inherited nothing, and has not heard of the arena of the main thread. */
export function isAloneInProcess(): boolean {
  return isAlone;
}

/** Layouts of other versions of this package that are at work in the process, as far as this thread can know. */
export function otherLayouts(): readonly number[] {
  return knownLayouts().filter((layout) => layout !== ARENA_VERSION);
}

function knownLayouts(): readonly number[] {
  const layouts: unknown = getEnvironmentData(LAYOUTS_KEY);
  return Array.isArray(layouts) ? (layouts as number[]) : [];
}

function inheritedArena(): Arena | undefined {
  const inherited: unknown = getEnvironmentData(ARENA_KEY);
  return isArenaMemory(inherited) ? new Arena(inherited) : undefined;
}

function makeArena(): Arena {
  const arena = createArena();
  isAlone = !isMainThread;
  handDown(arena);
  return arena;
}

function handDown(arena: Arena): void {
  setEnvironmentData(ARENA_KEY, arena.memory);
  const layouts = knownLayouts();
  if (!layouts.includes(ARENA_VERSION)) setEnvironmentData(LAYOUTS_KEY, [...layouts, ARENA_VERSION]);
}

function messageOf(arena: Arena | undefined, isQuestion: boolean): ArenaMessage {
  return { kind: KIND, memory: arena?.memory, isQuestion };
}

/** Blocks until a thread has answered, or it is clear that none will. */
function awaitArena(): Arena | undefined {
  const deadline = performance.now() + ANSWER_MILLIS;
  for (;;) {
    receiveFromThreads();
    if (processArena !== undefined || performance.now() >= deadline) return processArena;
    Atomics.wait(PAUSE, 0, 0, LOOK_MILLIS);
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function hear({ memory, isQuestion }: ArenaMessage): void {
  if (isQuestion && processArena?.isOfMainThread === true) tellThreads(messageOf(processArena, false));
  // There is no better one.
  if (processArena?.isOfMainThread === true || !isArenaMemory(memory)) return;
  const heard = new Arena(memory);
  if (heard.isOfMainThread && (processArena === undefined || mover(heard))) adopt(heard);
}

function adopt(arena: Arena): void {
  processArena = arena;
  isAlone = false;
  handDown(arena);
}
