package dev.tenon.kernel.guard;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Weaves checkpoints into a class: one at each method's entry, one before each jump backwards. A
 * checkpoint branches nowhere, so the class keeps the stack maps that it came with.
 */
public final class Weaver {
  private static final ClassDesc CHECKPOINT = ClassDesc.of("dev.tenon.kernel.checkpoint.Checkpoint");
  private static final MethodTypeDesc POLL = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
  private static final ClassFile CLASSES = ClassFile.of(
      ClassFile.StackMapsOption.DROP_STACK_MAPS,
      ClassFile.DeadCodeOption.KEEP_DEAD_CODE,
      ClassFile.ShortJumpsOption.FAIL_ON_SHORT_JUMPS);

  private Weaver() {}

  /**
   * The class with its checkpoints.
   *
   * @param number what they poll with
   * @throws IllegalArgumentException when it cannot be woven: it is malformed, or a method is too long
   */
  public static byte[] weave(byte[] bytes, int number) {
    return CLASSES.transformClass(CLASSES.parse(bytes), (type, member) -> {
      if (member instanceof MethodModel method) {
        type.transformMethod(method, body(number));
      } else {
        type.with(member);
      }
    });
  }

  private static MethodTransform body(int number) {
    return (method, element) -> {
      if (element instanceof CodeModel code) {
        method.transformCode(code, new Polls(code, number));
      } else {
        method.with(element);
      }
    };
  }

  /** One method's code. */
  private static final class Polls implements CodeTransform {
    private final CodeModel code;
    private final int number;
    private final Set<Label> passed = new HashSet<>();

    Polls(CodeModel code, int number) {
      this.code = code;
      this.number = number;
    }

    @Override
    public void atStart(CodeBuilder builder) {
      poll(builder);
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      boolean back = switch (element) {
        case LabelTarget target -> {
          passed.add(target.label());
          yield false;
        }
        case BranchInstruction branch -> passed.contains(branch.target());
        case TableSwitchInstruction table -> passed.contains(table.defaultTarget()) || anyPassed(table.cases());
        case LookupSwitchInstruction lookup -> passed.contains(lookup.defaultTarget()) || anyPassed(lookup.cases());
        default -> false;
      };
      if (back) {
        poll(builder);
      }
      builder.with(element);
    }

    private boolean anyPassed(List<SwitchCase> cases) {
      return cases.stream().anyMatch(each -> passed.contains(each.target()));
    }

    private void poll(CodeBuilder builder) {
      builder.loadConstant(number).invokestatic(CHECKPOINT, "poll", POLL);
    }

    @Override
    public void atEnd(CodeBuilder builder) {
      code.findAttribute(Attributes.stackMapTable()).ifPresent(builder::with);
    }
  }
}
