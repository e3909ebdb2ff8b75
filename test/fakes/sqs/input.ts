import type { AttributeValue } from './model.js';
import { badValue, missing, Refusal } from './refusal.js';

/** The body of a request. */
export type Input = Readonly<Record<string, unknown>>;

/** A text that has to be there. */
export function requiredText(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') throw missing(name);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new Refusal('SerializationException', `${name} is not a text.`);
}

/** A whole number in a range. */
export function optionalNumber(input: Input, name: string, from: number, to: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return value as number;
  const reason =
    to === 10 ? `Must be between ${from} and ${to}, if provided` : `Must be >= ${from} and <= ${to}, if provided`;
  throw badValue(name, value, reason);
}

export function listOf(input: Input, name: string): readonly Input[] {
  const value = input[name] ?? [];
  if (Array.isArray(value)) return value as Input[];
  throw new Refusal('SerializationException', `${name} is not a list.`);
}

export function textsOf(input: Input, name: string): readonly string[] {
  return listOf(input, name).map(String);
}

/** Texts by name, as the attributes of a queue. */
export function textMap(input: Input, name: string): Readonly<Record<string, string>> {
  const value = (input[name] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}

/** Message attributes, base64 decoded. */
export function attributesOf(input: Input, name: string): Readonly<Record<string, AttributeValue>> {
  const attributes = (input[name] ?? {}) as Readonly<Record<string, Record<string, string | undefined>>>;
  const read = Object.create(null) as Record<string, AttributeValue>;
  for (const [key, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    read[key] = {
      DataType,
      ...(StringValue !== undefined && { StringValue }),
      ...(BinaryValue !== undefined && { BinaryValue: Buffer.from(BinaryValue, 'base64') }),
    };
  }
  return read;
}

/** The queue's name at the end of its URL. */
export function queueNameOf(input: Input): string {
  return requiredText(input, 'QueueUrl').replace(/^.*\//, '');
}
