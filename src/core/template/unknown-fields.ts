/** Fields of the data that nothing has: they render as nothing, which is seldom what was meant. */
import type { Diagnostic } from '../../../task-schemas/index.ts';
import { didYouMeanHint } from '../did-you-mean.ts';
import { unreachable } from '../unreachable.ts';
import type { Command, Node, Operand, Pipeline, Template } from './ast.ts';
import type { Span } from './mistake.ts';
import { placeOf } from './template-diagnostic.ts';

/** The fields of the data, and those below each of them; undefined: it may have any. */
export type KnownFields = ReadonlyMap<string, ReadonlySet<string> | undefined>;

/** One use of a field that is not there, as it is written. */
interface Use extends Span {
  readonly parent: string;
  readonly name: string;
  readonly known: Iterable<string>;
}

/**
 * A warning (`template-unknown-field`) for each field that is read from the data and is not there. Only what is read
 * from the data itself can be judged: inside `with` and `range` that is what begins with `$`, and in templates that
 * are called nothing.
 */
export function findUnknownFields(
  template: Template,
  known: KnownFields,
  text: string,
  fileName: string,
): readonly Diagnostic[] {
  return usesIn(template.root, true, known).map((use) => {
    const { parent, name } = use;
    const message = `${parent === '' ? 'Templates have' : `${parent} has`} no field .${name}, so it renders as nothing`;
    const names = [...use.known];
    const list = names.length === 0 ? 'There are none.' : `There are: ${names.map((each) => `.${each}`).join(', ')}.`;
    const hint = didYouMeanHint(name, names)?.replace('"', '".') ?? list;
    return { severity: 'warning', code: 'template-unknown-field', message, hint, ...placeOf(use, text, fileName) };
  });
}

/** @param atRoot whether dot is the data */
function usesIn(nodes: readonly Node[], atRoot: boolean, known: KnownFields): readonly Use[] {
  return nodes.flatMap((node) => usesInNode(node, atRoot, known));
}

function usesInNode(node: Node, atRoot: boolean, known: KnownFields): readonly Use[] {
  switch (node.kind) {
    case 'text':
    case 'break':
    case 'continue':
      return [];
    case 'action':
      return inPipeline(node.pipeline, atRoot, known);
    case 'template':
      return node.pipeline === undefined ? [] : inPipeline(node.pipeline, atRoot, known);
    case 'if':
    case 'with':
    case 'range': {
      const inBody = usesIn(node.body, atRoot && node.kind === 'if', known);
      return [...inPipeline(node.pipeline, atRoot, known), ...inBody, ...usesIn(node.otherwise, atRoot, known)];
    }
    default:
      return unreachable(node);
  }
}

function inPipeline({ commands }: Pipeline, atRoot: boolean, known: KnownFields): readonly Use[] {
  return commands.flatMap(({ first, rest }: Command) =>
    [first, ...rest].flatMap((operand) => inOperand(operand, atRoot, known)),
  );
}

function inOperand(operand: Operand, atRoot: boolean, known: KnownFields): readonly Use[] {
  switch (operand.kind) {
    case 'pipeline':
      return inPipeline(operand, atRoot, known);
    case 'chain':
      return operand.base.kind === 'pipeline' ? inPipeline(operand.base, atRoot, known) : [];
    case 'field':
      return atRoot ? inNames(operand.names, operand, known) : [];
    case 'variable':
      return operand.name === '$' ? inNames(operand.names, operand, known) : [];
    case 'literal':
    case 'number':
    case 'dot':
    case 'nil':
    case 'function':
      return [];
    default:
      return unreachable(operand);
  }
}

function inNames([first, second]: readonly string[], { at, end }: Span, known: KnownFields): readonly Use[] {
  if (first === undefined) return [];
  if (!known.has(first)) return [{ at, end, parent: '', name: first, known: known.keys() }];
  const below = known.get(first);
  if (below === undefined || second === undefined || below.has(second)) return [];
  return [{ at, end, parent: `.${first}`, name: second, known: below }];
}
