import { END, set, STORED, type Transcript, value } from './transcript.js';

/** Answers of Siberite 0.6.4, as they were recorded byte by byte. */
export const SIBERITE: Readonly<Record<string, Transcript>> = {
  'names its version': [['version\r\n', 'VERSION siberite-0.6.4\r\n']],
  'stores and gives an item, whose flags are 0': [
    ['set q 5 0 3\r\ntwo\r\n', STORED],
    ['get q\r\n', value('q', 'two')],
    ['get q\r\n', END],
  ],
  'opens an item, under the name without the option': [
    [set('q', 'two'), STORED],
    ['get q/open\r\n', value('q', 'two')],
    ['get q/close\r\n', END],
    ['get q\r\n', END],
  ],
  'closes an item and opens the next': [
    [set('q', 'a') + set('q', 'b'), STORED + STORED],
    ['get q/open\r\n', value('q', 'a')],
    ['get q/close/open\r\n', value('q', 'b')],
    ['get q/close/open\r\n', END],
  ],
  'puts an aborted item back at the head': [
    [set('q', 'a') + set('q', 'b'), STORED + STORED],
    ['get q/open\r\n', value('q', 'a')],
    ['get q/abort\r\n', END],
    ['get q\r\n', value('q', 'a')],
  ],
  'shows an item that stays': [
    [set('q', 'a'), STORED],
    ['get q/peek\r\n', value('q', 'a')],
    ['get q/peek\r\n', value('q', 'a')],
  ],
  'accepts a wait without an effect': [
    ['get q/t=1000/open\r\n', END],
    ['get q/open/t=1000\r\n', END],
  ],
  'stores an empty item and loses it': [
    ['set q 0 0 0\r\n\r\n', STORED],
    ['get q\r\n', END],
    ['get q\r\n', END],
  ],
  'ignores an expiry': [
    ['set q 0 1 3\r\ntwo\r\n', STORED],
    ['get q\r\n', value('q', 'two')],
  ],
  'answers in spite of noreply': [['set q 0 0 1 noreply\r\nx\r\n', STORED]],
  'accepts a blank at the end': [['set q 0 0 3 \r\ntwo\r\n', STORED]],
  'answers a pipeline in order': [
    [
      `${set('q', 'a')}${set('q', 'b')}get q\r\nget q\r\nget q\r\n`,
      STORED + STORED + value('q', 'a') + value('q', 'b') + END,
    ],
  ],
  'sends to each name of a list': [
    [set('a+b', 'x'), STORED],
    ['get a\r\n', value('a', 'x')],
    ['get b\r\n', value('b', 'x')],
  ],
  'reads a name with a point as a cursor, which takes nothing out': [
    [set('q', 'x'), STORED],
    ['get q.errors\r\n', value('q.errors', 'x')],
    ['get q.errors\r\n', END],
    ['get q\r\n', value('q', 'x')],
  ],
  'answers END to a delete': [
    [set('q', 'x'), STORED],
    ['delete q\r\n', END],
    ['delete q\r\n', END],
    ['get q\r\n', END],
  ],
  'flushes a queue, and all': [
    [set('q', 'x'), STORED],
    ['flush q\r\n', END],
    ['get q\r\n', END],
    ['flush_all\r\n', 'Flushed all queues.\r\n'],
  ],
  'takes gets for get': [
    [set('q', 'x'), STORED],
    ['gets q\r\n', value('q', 'x')],
  ],
  counts: [
    [set('q', 'x'), STORED],
    ['stats\r\n', 'STAT queue_q_items 1\r\nSTAT queue_q_open_transactions 0\r\nEND\r\n'],
  ],
};

/** Commands after which Siberite closes the connection, with all of its answers. */
export const CLOSING: Readonly<Record<string, readonly [sent: string, answers: string]>> = {
  'a second open': [
    `${set('q', 'a')}get q/open\r\nget q/open\r\n`,
    `${STORED}${value('q', 'a')}CLIENT_ERROR Close current item first\r\n`,
  ],
  'data that is longer than said': ['set q 0 0 2\r\ntwo\r\n', 'CLIENT_ERROR bad data chunk\r\n'],
  'data that is shorter than said': ['set q 0 0 5\r\ntwo\r\nget q\r\n', 'CLIENT_ERROR bad data chunk\r\n'],
  'a name with a slash': [set('a/b', 'x'), 'ERROR queue: name is not alphanumeric\r\n'],
  'a path': [set('../h8esc', 'x'), 'ERROR queue: name is not alphanumeric\r\n'],
  'a name with a point': [set('q.errors', 'x'), 'ERROR queue: name is not alphanumeric\r\n'],
  'an unknown command': ['confirm q 1\r\n', 'ERROR Unknown command\r\n'],
};
