import { END, set, STORED, type Transcript, value } from './transcript.js';

const BAD = 'CLIENT_ERROR bad command line format\r\n';

/** Answers of Starling 0.10.0, as they were recorded byte by byte. */
export const STARLING: Readonly<Record<string, Transcript>> = {
  'does not know version': [['version\r\n', BAD]],
  'stores and gives an item, whose flags are 0': [
    ['set q 5 0 3\r\ntwo\r\n', STORED],
    ['get q\r\n', value('q', 'two')],
    ['get q\r\n', END],
  ],
  'answers END to every option of a get': [
    [set('q', 'two'), STORED],
    ['get q/open\r\n', END],
    ['get q/close/open\r\n', END],
    ['get q/peek\r\n', END],
    ['get q/t=1000/open\r\n', END],
    ['get q\r\n', value('q', 'two')],
  ],
  'keeps an empty item': [
    ['set q 0 0 0\r\n\r\n', STORED],
    ['get q\r\n', value('q', '')],
  ],
  'reads an expiry as a time of day': [
    ['set q 0 1 3\r\ntwo\r\n', STORED],
    ['get q\r\n', END],
  ],
  'refuses noreply with two answers': [['set q 0 0 1 noreply\r\nx\r\n', BAD + BAD]],
  'refuses a blank at the end with two answers': [['set q 0 0 3 \r\ntwo\r\n', BAD + BAD]],
  'answers a pipeline in order': [
    [
      `${set('q', 'a')}${set('q', 'b')}get q\r\nget q\r\nget q\r\n`,
      STORED + STORED + value('q', 'a') + value('q', 'b') + END,
    ],
  ],
  'stores nothing under a name with a slash': [[set('a/b', 'x'), 'NOT STORED\r\n']],
  'stores under a path': [[set('../h8esc', 'x'), STORED]],
  'takes a name with a plus or a point as one queue': [
    [set('a+b', 'x'), STORED],
    ['get a\r\n', END],
    ['get a+b\r\n', value('a+b', 'x')],
    ['get q.errors\r\n', END],
  ],
  'deletes a queue': [
    [set('q', 'x'), STORED],
    ['delete q\r\n', 'DELETED\r\n'],
    ['delete q\r\n', 'NOT_FOUND\r\n'],
  ],
  'flushes nothing': [
    ['flush q\r\n', BAD],
    ['flush_all\r\n', 'OK\r\n'],
  ],
  'does not know other commands': [
    ['gets q\r\n', BAD],
    ['mg q\r\n', BAD],
    ['confirm q 1\r\n', BAD],
  ],
  counts: [
    [set('q', 'x'), STORED],
    [
      'stats\r\n',
      'STAT queue_q_items 1\r\nSTAT queue_q_total_items 0\r\nSTAT queue_q_logsize 0\r\nSTAT queue_q_expired_items 0\r\nSTAT queue_q_age 0\r\nEND\r\n',
    ],
  ],
};
