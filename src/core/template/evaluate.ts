import { didYouMeanHint } from '../did-you-mean.ts';
import { unreachable } from '../unreachable.ts';
import type { IfNode, Node, RangeNode, Template, TemplateNode, WithNode } from './ast.ts';
import { evaluateOperand, evaluatePipeline } from './evaluate-pipeline.ts';
import { type Evaluated, type EvaluatorState, placed } from './evaluator-state.ts';
import { excerpt } from './excerpt.ts';
import type { CallContext } from './functions/signature.ts';
import { formatValue } from './go-format.ts';
import { execMistake, type TemplateMistake } from './mistake.ts';
import { createOutput, type RenderedText } from './output.ts';
import { entriesOf, integerOf, itemsOf, sortedKeys, type TemplateValue } from './value.ts';
import { describeType, isTrue } from './value-type.ts';

/** How a list of nodes ended: by running out, or at a jump of the surrounding range. */
type Flow = 'next' | 'break' | 'continue';

/**
 * Carries out a template over its data and gives the output. Throws the first mistake.
 * @param text of the template, for the lines that the output came from
 */
export function evaluate(template: Template, text: string, data: TemplateValue, context: CallContext): RenderedText {
  const output = createOutput(text, context.budget);
  const variables = [{ name: '$', value: data }];
  const state: EvaluatorState = { ...context, defined: template.defined, variables, evaluateOperand, output };
  runNodes(state, data, template.root);
  return output.rendered();
}

function runNodes(state: EvaluatorState, dot: Evaluated, nodes: readonly Node[]): Flow {
  return state.budget.deeper(() => {
    for (const node of nodes) {
      const flow = placed(node, () => runNode(state, dot, node));
      if (flow !== 'next') return flow;
    }
    return 'next';
  });
}

function runNode(state: EvaluatorState, dot: Evaluated, node: Node): Flow {
  state.budget.spend(1);
  switch (node.kind) {
    case 'text':
      state.output.copy(node.text, node.at);
      return 'next';
    case 'action': {
      const value = evaluatePipeline(state, dot, node.pipeline);
      if (node.pipeline.variables.length === 0 && value !== undefined) {
        state.output.insert(formatValue(value, state.budget), node.at);
      }
      return 'next';
    }
    case 'if':
    case 'with':
      return runIfOrWith(state, dot, node);
    case 'range':
      return runRange(state, dot, node);
    case 'template':
      runTemplate(state, dot, node);
      return 'next';
    case 'break':
    case 'continue':
      return node.kind;
    default:
      return unreachable(node);
  }
}

function runIfOrWith(state: EvaluatorState, dot: Evaluated, node: IfNode | WithNode): Flow {
  const mark = state.variables.length;
  const value = evaluatePipeline(state, dot, node.pipeline);
  const body = isTrue(value) ? node.body : node.otherwise;
  const flow = runNodes(state, node.kind === 'with' && isTrue(value) ? value : dot, body);
  state.variables.length = mark;
  return flow;
}

function runRange(state: EvaluatorState, dot: Evaluated, node: RangeNode): Flow {
  const mark = state.variables.length;
  const flow = runRangeBody(state, dot, node);
  state.variables.length = mark;
  return flow;
}

function runRangeBody(state: EvaluatorState, dot: Evaluated, node: RangeNode): Flow {
  const [first, second] = node.pipeline.variables;
  const pairs = rangePairs(state, evaluatePipeline(state, dot, node.pipeline), node);
  const inner = state.variables.length;
  let ran = false;
  for (const [key, element] of pairs) {
    ran = true;
    state.budget.spend(1);
    const targets =
      second === undefined
        ? ([[first, element]] as const)
        : ([
            [first, key],
            [second, element],
          ] as const);
    for (const [name, value] of targets) setInnermost(state, name, value);
    const flow = runNodes(state, element, node.body);
    state.variables.length = inner;
    if (flow === 'break') break;
  }
  return ran ? 'next' : runNodes(state, dot, node.otherwise);
}

function setInnermost(state: EvaluatorState, name: string | undefined, value: TemplateValue): void {
  const variable = state.variables.findLast((candidate) => candidate.name === name);
  if (variable !== undefined) variable.value = value;
}

function* rangePairs(
  state: EvaluatorState,
  value: Evaluated,
  node: RangeNode,
): Generator<readonly [TemplateValue, TemplateValue]> {
  if (value === undefined || value === null) return;
  const items = itemsOf(value);
  const entries = entriesOf(value);
  const count = integerOf(value);
  if (items !== undefined) {
    for (const [index, item] of items.entries()) yield [BigInt(index), item];
  } else if (entries !== undefined) {
    state.budget.spend(entries.size);
    for (const key of sortedKeys(entries)) yield [key, entries.get(key) ?? null];
  } else if (count !== undefined) {
    if (node.pipeline.variables.length > 1) throw rangeMistake(node, 'over an int has one variable, not two.');
    for (let index = 0n; index < count; index++) yield [index, index];
  } else {
    throw rangeMistake(node, `needs a list, a mapping or an int, but got ${describeType(value)}.`);
  }
}

function rangeMistake(node: RangeNode, problem: string): TemplateMistake {
  const mistake = execMistake(`{{range}} ${problem}`);
  mistake.span = node.pipeline;
  return mistake;
}

/** Runs a defined template with nothing but `$` set, as Go does. */
function runTemplate(state: EvaluatorState, dot: Evaluated, node: TemplateNode): void {
  const nodes = state.defined.get(node.name);
  if (nodes === undefined) {
    const hint = didYouMeanHint(node.name, state.defined.keys()) ?? `Define it with {{define "${node.name}"}}…{{end}}.`;
    throw execMistake(`The template "${excerpt(node.name)}" is not defined.`, hint);
  }
  const value = node.pipeline === undefined ? undefined : evaluatePipeline(state, dot, node.pipeline);
  const { variables } = state;
  state.variables = [{ name: '$', value }];
  runNodes(state, value, nodes);
  state.variables = variables;
}
