// Every type in every place, for code of the Apache compiler: see generated/make.sh.
namespace js torture

typedef i32 Count
typedef list<map<string, set<i16>>> Nested

enum Color { RED = 1, GREEN = 2, BLUE = -7, FAR = 2147483647 }

const i64 MANY = 1099511627776

struct Empty {}

struct Point { 1: required i32 x, 2: optional i32 y, 3: double z = 0.5 }

union Shape { 1: i32 radius, 2: Point corner, 3: list<Shape> parts, 4: bool nothing, 5: string label }

exception Failed { 1: i32 code, 2: string why }

struct Scalars {
  1: bool yes, 2: bool no, 3: i8 tiny, 4: i16 short, 5: i32 int, 6: i64 long, 7: double ratio, 8: string text, 9: binary bytes,
  10: uuid id, 11: Color color, 12: Count count
}

/** In Node, fields are written in this order. Their ids need both forms of a compact header: small and large steps, backwards. */
struct Ids {
  30000: bool far, 1: bool one, 16: i8 sixteen, 17: i8 seventeen, 33: i8 jump, 34: bool after, 2: i8 back, 32767: i8 last
}

struct Negative { i32 first, bool second, 1: string third }

struct Containers {
  1: list<bool> flags, 2: set<bool> flagSet, 3: map<bool, bool> flagMap, 4: list<i8> tiny, 5: list<i16> shorts, 6: list<i32> ints,
  7: list<i64> longs, 8: list<double> ratios, 9: list<string> texts, 10: list<binary> blobs, 11: list<uuid> ids,
  12: list<Color> colors, 13: list<Point> points, 14: set<string> names, 15: set<i32> numbers, 16: map<string, i64> sizes,
  17: map<i32, string> labels, 18: map<string, Point> places, 19: map<i16, list<bool>> grid, 20: Nested nested,
  21: list<list<list<i32>>> cube, 22: map<string, map<string, bool>> table, 23: list<Empty> empties, 24: map<Color, i8> byColor
}

struct Defaults {
  1: bool on = true, 2: i8 tiny = -3, 3: i32 int = 42, 4: i64 long = MANY, 5: double ratio = -1.25, 6: string text = "it's \"x\"",
  7: Color color = Color.GREEN, 8: list<i32> list = [1, 2], 9: set<string> set = ["a"], 10: map<string, i32> map = {"k": 1},
  11: Point point = {"x": 4}, 12: optional string maybe = "perhaps", 13: required i32 must = 9
}

struct Tree { 1: i32 value, 2: optional list<Tree> children, 3: optional map<string, Tree> named, 4: optional Leaf leaf }

union Leaf { 1: Tree tree, 2: string text }

struct Torture {
  1: Scalars scalars, 4: Containers containers, 5: Defaults defaults, 6: Tree tree,
  7: list<Shape> shapes, 8: Failed failed, 9: Empty empty
}

service Base { oneway void ping() }

service Tester extends Base {
  oneway void run(1: Torture torture, 2: bool urgent, 3: i64 seed = 5)
  oneway void flags(1: bool a, 2: bool b, 20: bool c)
}
