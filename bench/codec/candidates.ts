import type { Candidate, Setting } from '../kit/bench.js';
import { apacheCodecs } from './apache-codecs.js';
import { checkCodec } from './check-codec.js';
import type { Codec } from './codec.js';
import { CpuTimer } from './cpu-timer.js';
import { makeManifest } from './manifest.js';
import { otherCodecs } from './other-codecs.js';
import { ownCodecs } from './own-codecs.js';

/** Sets the length of the list. */
export interface Length extends Setting {
  readonly entries: number;
}

export const lengths: readonly Length[] = [1, 10, 100].map((entries) => ({
  name: entries === 1 ? '1 entry' : `${entries} entries`,
  entries,
}));

/** CPU time of one sample in each direction, in ms. */
const SAMPLE_MS = 20;

/** Times a codec in this process, which all codecs share, so that no codec has the engine to itself. */
function toCandidate(codec: Codec): Candidate<Length> {
  return {
    name: codec.name,
    start() {
      const timers = new Map<number, { bytes: number; encode: CpuTimer; decode: CpuTimer }>();
      const timersOf = (entries: number, share: number) => {
        const manifest = makeManifest(entries);
        checkCodec(codec, manifest);
        const call = codec.bind(manifest);
        return {
          bytes: call.encode().length,
          encode: new CpuTimer(call.encode, SAMPLE_MS * share),
          decode: new CpuTimer(call.decode, SAMPLE_MS * share),
        };
      };
      return Promise.resolve({
        measure({ entries }, share) {
          const { bytes, encode, decode } = timers.get(entries) ?? timersOf(entries, share);
          timers.set(entries, { bytes, encode, decode });
          const [encoding, decoding] = [encode.sample(), decode.sample()];
          return Promise.resolve({ bytes, encode: encoding, decode: decoding, both: encoding + decoding });
        },
        stop: () => Promise.resolve(),
      });
    },
  };
}

export const candidates: readonly Candidate<Length>[] = [...apacheCodecs, ...otherCodecs, ...ownCodecs].map(
  toCandidate,
);
