/** One oneway function for each thing that a Thrift protocol can be asked to write: what vectors and fuzzers speak. */
namespace py vectors
namespace java vectors
namespace go vectors

enum Color { NEGATIVE = -7, RED = 1, LAST = 2147483647 }

struct Empty {}

struct Point {
  1: required i32 x,
  2: optional string label,
}

union Choice {
  1: i32 number,
  2: string text,
  3: Point point,
  4: list<bool> flags,
}

/** Ids 15, 16 and 17 apart, and the largest: where the compact protocol changes from a delta to a whole id. */
struct Jumps {
  1: optional bool first,
  16: optional bool near,
  32: optional i8 far,
  33: optional bool next,
  1000: optional i32 thousand,
  32767: optional string last,
}

/** Declared downwards, so that every id is below the one before it. */
struct Backwards {
  300: optional i32 high,
  20: optional bool middle,
  1: optional i32 low,
}

/** Negative ids need the compiler's --allow-neg-keys. Not optional: for such Apache's Go compiler writes code that does not compile. */
struct Lowest {
  -32768: i32 value,
}

struct Negative {
  -20: bool flag,
  -1: string last,
  1: i8 positive,
}

struct Everything {
  1: optional bool flag,
  2: optional i8 small,
  3: optional i16 short,
  4: optional i32 number,
  5: optional i64 large,
  6: optional double real,
  7: optional string text,
  8: optional binary bytes,
  9: optional uuid id,
  10: optional Color color,
  11: optional list<Everything> children,
  12: optional set<string> names,
  13: optional map<i32, Point> points,
  14: optional Choice choice,
  15: optional list<list<bool>> grid,
  16: optional map<string, list<i64>> deep,
  17: optional set<i16> shorts,
  40: optional Empty nothing,
  41: optional map<bool, uuid> byFlag,
  42: optional list<binary> blobs,
  43: optional list<double> reals,
}

service Vectors {
  oneway void onNothing(),
  oneway void onBool(1: bool v),
  oneway void onI8(1: i8 v),
  oneway void onI16(1: i16 v),
  oneway void onI32(1: i32 v),
  oneway void onI64(1: i64 v),
  oneway void onDouble(1: double v),
  oneway void onString(1: string v),
  oneway void onBinary(1: binary v),
  oneway void onUuid(1: uuid v),
  oneway void onColor(1: Color v),
  oneway void onEmpty(1: Empty v),
  oneway void onPoint(1: Point v),
  oneway void onChoice(1: Choice v),
  oneway void onJumps(1: Jumps v),
  oneway void onBackwards(1: Backwards v),
  oneway void onLowest(1: Lowest v),
  oneway void onNegative(1: Negative v),
  oneway void onEverything(1: Everything v),
  oneway void onMany(1: i32 a, 20: string b, 32767: bool c),
  oneway void onBools(1: list<bool> v),
  oneway void onBytes(1: list<i8> v),
  oneway void onI16s(1: list<i16> v),
  oneway void onI32s(1: list<i32> v),
  oneway void onI64s(1: list<i64> v),
  oneway void onDoubles(1: list<double> v),
  oneway void onStrings(1: list<string> v),
  oneway void onBinaries(1: list<binary> v),
  oneway void onUuids(1: list<uuid> v),
  oneway void onColors(1: list<Color> v),
  oneway void onPoints(1: list<Point> v),
  oneway void onChoices(1: list<Choice> v),
  oneway void onGrid(1: list<list<i8>> v),
  oneway void onMaps(1: list<map<string, bool>> v),
  oneway void onSets(1: list<set<string>> v),
  oneway void onBoolSet(1: set<bool> v),
  oneway void onI32Set(1: set<i32> v),
  oneway void onI64Set(1: set<i64> v),
  oneway void onStringSet(1: set<string> v),
  oneway void onUuidSet(1: set<uuid> v),
  oneway void onBoolMap(1: map<bool, bool> v),
  oneway void onI8Map(1: map<i8, i16> v),
  oneway void onI32Map(1: map<i32, list<bool>> v),
  oneway void onI64Map(1: map<i64, bool> v),
  oneway void onDoubleMap(1: map<double, string> v),
  oneway void onStringMap(1: map<string, i32> v),
  oneway void onUuidMap(1: map<uuid, double> v),
  oneway void onColorMap(1: map<Color, Color> v),
  oneway void onPointMap(1: map<string, Point> v),
  oneway void onSetMap(1: map<i32, set<i32>> v),
  oneway void onDeep(1: map<i16, map<string, list<double>>> v),
}
