// Elementwise ops on the bits of integers.
#ifndef HORNBEAM_IR_OPS_BITS
#define HORNBEAM_IR_OPS_BITS

def Horn_BitwiseAndOp : Horn_BinaryOp<"bitwise_and", "integer", "x and y, bit by bit", [Commutative]>;
def Horn_BitwiseOrOp : Horn_BinaryOp<"bitwise_or", "integer", "x or y, bit by bit", [Commutative]>;
def Horn_BitwiseXorOp : Horn_BinaryOp<"bitwise_xor", "integer", "x xor y, bit by bit", [Commutative]>;
def Horn_ShiftLeftOp : Horn_BinaryOp<"shift_left", "integer",
                                     "x shifted left by y bits; 0 where y is negative or not below the width">;
def Horn_ShiftRightOp : Horn_BinaryOp<
    "shift_right", "integer",
    "x shifted right by y bits, the sign kept; where y is negative or not below the width, as by all bits but the sign">;

def Horn_BitcastOp : Horn_ElementwiseOp<"bitcast"> {
  let summary = "the same bits as another dtype of equal width; floats are 32 or 64 bits wide";
  let arguments = (ins Horn_Tensor:$x, TypeAttr:$dtype);
}

#endif
