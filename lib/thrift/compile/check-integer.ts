/** A statement that throws unless local `x` holds an integer of a type's width. */
export function checkInteger(kind: 'i8' | 'i16' | 'i32', x: string): string {
  const unused = { i8: 24, i16: 16, i32: 0 }[kind];
  const narrow = unused === 0 ? `${x} | 0` : `${x} << ${unused} >> ${unused}`;
  return `if (typeof ${x} !== 'number' || ${x} !== (${narrow})) throw wrong('${kind}', ${x});`;
}
