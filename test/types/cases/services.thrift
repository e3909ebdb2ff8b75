include "common.thrift"

enum Colour { RED = 1, GREEN = 2 }

struct Shape {
  1: required string id
  2: required Colour colour
  3: optional list<common.Point> corners
  4: optional set<string> tags
}

/** Inherits from a service of an included file. */
service Shapes extends common.Pinger {
  oneway void draw(1: Shape shape, 2: i32 layer = 0)
  oneway void erase(1: string id)
  oneway void clear(1: i32 layer = 0)
  i32 count()
}

/** Inherits from a service of the same file. */
service Solids extends Shapes {
  oneway void rotate(1: string id, 2: double angle)
}

/** Shares a method name with Shapes. */
service Texts {
  oneway void draw(1: string text)
}
