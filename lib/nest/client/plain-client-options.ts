import type { OptionNames } from '../../common/option-names.js';
import { type BaseThriftClientOptions, CLIENT_OPTION_NAMES } from './client-options.js';

/**
 * Configures every client of a carrier without attributes and groups: sockets and Starling.
 * Each call travels alone, since servers of other libraries expect one call in a frame or request.
 *
 * @publicApi
 */
export type PlainClientOptions = Omit<BaseThriftClientOptions, 'pack' | 'eventIds' | 'strictOrder'>;

const { pack: _pack, eventIds: _eventIds, strictOrder: _strictOrder, ...NAMES } = CLIENT_OPTION_NAMES;

/** Names every option of {@link PlainClientOptions}, for the client of a carrier. */
export const PLAIN_CLIENT_OPTION_NAMES = NAMES satisfies OptionNames<PlainClientOptions>;
