import {
  ActionIcon,
  Alert,
  Button,
  Grid,
  Group,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Textarea,
} from '@mantine/core';
import { Icon } from '../../shell/icons';
import { HELP } from '../../words/help-words';
import { useDictionary, type Field } from './dictionary';
import { isList, type Comparison, type Condition, type Operand, type PolicyList } from './document';
import { OperandInput } from './operand-input';
import { messageAt, type Problem } from './problems';
import { operatorWord } from './rule-words';

type Kind = 'one' | 'all' | 'any' | 'cel';

const KINDS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'one', label: 'Uma comparação' },
  { value: 'all', label: 'Todas' },
  { value: 'any', label: 'Ao menos uma' },
  { value: 'cel', label: 'Expressão CEL' },
];
const MAX_EXPRESSION = 500;

interface Props {
  readonly condition: Condition;
  readonly lists: readonly PolicyList[];
  readonly problems: readonly Problem[];
  /** Where the condition stands in the document. */
  readonly place: string;
  readonly onChange: (condition: Condition) => void;
}

/** What must hold: one comparison, a group of them, or the expression for what they cannot say. */
export function ConditionForm({ condition, lists, problems, place, onChange }: Props) {
  const { fields } = useDictionary();
  const first: Comparison = { field: fields[0]?.name ?? '', op: 'eq', value: true };
  const kind = kindOf(condition);
  const comparisons = comparisonsIn(condition);
  const group = (changed: readonly Comparison[]): void => {
    onChange(kind === 'any' ? { any: changed } : { all: changed });
  };
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Forma da condição"
        data={[...KINDS]}
        value={kind}
        onChange={(chosen) => {
          const kept = comparisons.length > 0 ? comparisons : [first];
          if (chosen === 'cel') onChange({ cel: '' });
          else if (chosen === 'one') onChange(kept[0] ?? first);
          else onChange(chosen === 'any' ? { any: kept } : { all: kept });
        }}
      />
      {'cel' in condition ? (
        <Expression
          text={condition.cel}
          error={messageAt(
            problems.filter(({ severity }) => severity === 'error'),
            place,
          )}
          onChange={(cel) => {
            onChange({ cel });
          }}
        />
      ) : kind === 'one' ? (
        <ComparisonRow
          comparison={comparisons[0] ?? first}
          place={place}
          {...{ lists, problems, onChange }}
        />
      ) : (
        <>
          {comparisons.map((comparison, at) => (
            <ComparisonRow
              key={at}
              comparison={comparison}
              lists={lists}
              problems={problems}
              place={`${place}.${kind}[${String(at)}]`}
              onChange={(changed) => {
                group(comparisons.map((one, i) => (i === at ? changed : one)));
              }}
              onRemove={
                comparisons.length === 1
                  ? undefined
                  : () => {
                      group(comparisons.filter((_, i) => i !== at));
                    }
              }
            />
          ))}
          <Group>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                group([...comparisons, first]);
              }}
            >
              Mais uma comparação
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

function kindOf(condition: Condition): Kind {
  if ('all' in condition) return 'all';
  if ('any' in condition) return 'any';
  return 'cel' in condition ? 'cel' : 'one';
}

function comparisonsIn(condition: Condition): readonly Comparison[] {
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return 'cel' in condition ? [] : [condition];
}

function Expression({
  text,
  error,
  onChange,
}: {
  readonly text: string;
  readonly error: string | undefined;
  readonly onChange: (text: string) => void;
}) {
  return (
    <>
      <Alert color="yellow">
        O verificador não consegue examinar uma expressão por dentro: quem aprova é avisado de cada uma.
      </Alert>
      <Textarea
        label="Expressão (CEL)"
        description={HELP.rule.expression}
        autosize
        minRows={3}
        maxLength={MAX_EXPRESSION}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={text}
        error={error}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      />
    </>
  );
}

interface RowProps {
  readonly comparison: Comparison;
  readonly lists: readonly PolicyList[];
  readonly problems: readonly Problem[];
  readonly place: string;
  readonly onChange: (comparison: Comparison) => void;
  readonly onRemove?: (() => void) | undefined;
}

function ComparisonRow({ comparison, lists, problems, place, onChange, onRemove }: RowProps) {
  const dictionary = useDictionary();
  const field = dictionary.field(comparison.field);
  const operators = dictionary.operators.filter(({ types, operand }) =>
    field === undefined ? false : types.includes(field.type) && (!field.personal || operand === 'set'),
  );
  const operator = dictionary.operator(comparison.op);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const stage = (wanted: Field['stage']) =>
    dictionary.fields
      .filter((one) => one.stage === wanted)
      .map(({ name, label }) => ({ value: name, label }));
  return (
    <Paper p="sm" bg="var(--page)">
      <Grid gap="xs" align="flex-start">
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <Select
            label="Campo"
            description={HELP.rule.field}
            searchable
            allowDeselect={false}
            data={[
              { group: 'Do pedido', items: stage('request') },
              { group: 'Da oferta', items: stage('offer') },
            ]}
            value={comparison.field}
            error={messageAt(errors, `${place}.field`)}
            onChange={(name) => {
              const next = dictionary.field(name ?? '');
              if (next !== undefined) onChange(startOf(next, dictionary.operators, comparison, lists));
            }}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 6 }}>
          <Group gap="xs" wrap="nowrap" align="flex-end">
            <Select
              label="Comparação"
              description={HELP.rule.operator}
              flex={1}
              allowDeselect={false}
              data={operators.map(({ name }) => ({ value: name, label: operatorWord(name) }))}
              value={comparison.op}
              error={messageAt(errors, `${place}.op`)}
              onChange={(op) => {
                const next = dictionary.operator(op ?? '');
                if (next === undefined || field === undefined) return;
                const keeps = next.operand === operator?.operand;
                const value = keeps ? comparison.value : startValue(field, next.operand, lists);
                onChange({ field: comparison.field, op: next.name, value });
              }}
            />
            {onRemove !== undefined && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="Tirar esta comparação"
                onClick={onRemove}
              >
                <Icon name="close" size={16} />
              </ActionIcon>
            )}
          </Group>
        </Grid.Col>
        <Grid.Col span={12}>
          {field !== undefined && operator !== undefined && (
            <OperandInput
              field={field}
              shape={operator.operand}
              value={comparison.value}
              lists={lists.filter(({ of }) => field.lists_of.includes(of))}
              error={messageAt(errors, `${place}.value`)}
              onChange={(value) => {
                onChange({ ...comparison, value });
              }}
            />
          )}
        </Grid.Col>
      </Grid>
    </Paper>
  );
}

/** A comparison for another field: with the operator that stood there, where it serves that field too. */
function startOf(
  field: Field,
  operators: readonly {
    readonly name: string;
    readonly types: readonly string[];
    readonly operand: 'scalar' | 'range' | 'set';
  }[],
  { op, value }: Comparison,
  lists: readonly PolicyList[],
): Comparison {
  const fitting = operators.filter(
    ({ types, operand }) => types.includes(field.type) && (!field.personal || operand === 'set'),
  );
  const chosen = fitting.find(({ name }) => name === op) ?? fitting[0];
  const shape = chosen?.operand ?? 'scalar';
  const keepsList = shape === 'set' && isList(value) && !field.personal;
  return {
    field: field.name,
    op: chosen?.name ?? op,
    value: keepsList ? value : startValue(field, shape, lists),
  };
}

function startValue(field: Field, shape: 'scalar' | 'range' | 'set', lists: readonly PolicyList[]): Operand {
  if (shape === 'range') return {};
  if (shape === 'set')
    return field.personal ? { list: lists.find(({ of }) => of === field.name)?.name ?? '' } : [];
  return field.type === 'boolean' ? true : '';
}
