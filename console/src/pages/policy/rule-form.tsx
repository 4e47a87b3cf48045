import {
  Button,
  Drawer,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useMemo, useState } from 'react';
import { mayBeLost } from '../../session/unsaved';
import { plainName } from '../../words/words';
import { HELP } from '../../words/help-words';
import { useCheck } from './checking';
import { ConditionForm } from './condition-form';
import { useDictionary } from './dictionary';
import type { Manuscript, PolicyDocument, PolicyList, PolicyRule } from './document';
import { messageAt, problemsIn } from './problems';
import { problemsOf, withView, type Product } from './product-view';
import { inWords, type FieldWords } from './rule-words';
import { SEVERITY } from './severity';
import { useHold } from './use-hold';

interface Props {
  readonly manuscript: Manuscript;
  /** The product's view of its document. */
  readonly document: PolicyDocument;
  readonly product: Product;
  /** Which rule; one more than there are is a new one. */
  readonly at: number;
  readonly rule: PolicyRule;
  readonly onClose: () => void;
  readonly onSave: (rule: PolicyRule) => void;
}

/** One rule as a form. While it is written the service reads it in its place, and its problems stand at their fields. */
export function RuleForm({ manuscript, document, product, at, rule: start, onClose, onSave }: Props) {
  const dictionary = useDictionary();
  const [rule, setRule] = useState(start);
  useHold();
  const tried = useMemo(() => {
    const rules = [...document.rules.slice(0, at), rule, ...document.rules.slice(at + 1)];
    return { ...manuscript, document: withView(manuscript.document, product, { ...document, rules }) };
  }, [manuscript, document, product, rule, at]);
  const { problems: all, isBusy } = useCheck(tried);
  const problems = problemsOf(all, product);
  const place = `rules[${String(at)}]`;
  const errors = problemsIn(problems, place).filter(({ severity }) => severity === 'error');
  const errorOf = (part: string) => messageAt(errors, `${place}.${part}`);
  const set = (change: Partial<PolicyRule>): void => {
    setRule((before) => ({ ...before, ...change }));
  };
  const isNew = at >= document.rules.length;
  const leave = (): void => {
    if (rule === start || mayBeLost()) onClose();
  };
  return (
    <Drawer
      opened
      onClose={leave}
      position="right"
      size="xl"
      title={isNew ? 'Nova regra' : `Regra ${start.id}`}
      closeButtonProps={{ 'aria-label': 'Fechar' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave(withoutEmptyPeriod(rule));
        }}
      >
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Nome"
              description={HELP.rule.id}
              required
              value={rule.id}
              error={errorOf('id')}
              onChange={(event) => {
                set({ id: event.currentTarget.value });
              }}
            />
            <TextInput
              label="Código do motivo"
              description={HELP.rule.code}
              required
              value={rule.code}
              error={errorOf('code')}
              onChange={(event) => {
                set({ code: event.currentTarget.value.toUpperCase() });
              }}
            />
          </SimpleGrid>
          <div>
            <Title order={3} size="h5" mb={6}>
              O que deve valer
            </Title>
            <ConditionForm
              condition={rule.require}
              lists={document.lists}
              problems={errors}
              place={`${place}.require`}
              onChange={(require) => {
                set({ require });
              }}
            />
          </div>
          <Text size="sm" role="status">
            Em palavras: <b>{inWords(rule.require, wordsOf(dictionary, document.lists))}</b>
          </Text>
          <Textarea
            label="Frase para quem lê a recusa"
            description={HELP.rule.sentence}
            required
            autosize
            minRows={2}
            value={rule.sentence}
            error={errorOf('sentence')}
            onChange={(event) => {
              set({ sentence: event.currentTarget.value });
            }}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label="Se não valer"
              description={HELP.rule.severity}
              allowDeselect={false}
              data={Object.entries(SEVERITY).map(([value, [, , label]]) => ({ value, label }))}
              value={rule.severity ?? 'decline'}
              error={errorOf('severity')}
              onChange={(severity) => {
                set({ severity: severity ?? 'decline' });
              }}
            />
            <Select
              label="Se faltar um dado"
              description={HELP.rule.onMissing}
              allowDeselect={false}
              data={[
                { value: 'decline', label: 'Recusa' },
                { value: 'pass', label: 'Deixa passar' },
              ]}
              value={rule.on_missing ?? 'decline'}
              error={errorOf('on_missing')}
              onChange={(missing) => {
                set({ on_missing: missing ?? 'decline' });
              }}
            />
            <DatePickerInput
              label="Vale a partir de"
              description={HELP.rule.from}
              placeholder="desde sempre"
              valueFormat="DD/MM/YYYY"
              clearable
              value={rule.effective?.from ?? null}
              onChange={(from) => {
                set({ effective: period({ ...rule.effective, from }) });
              }}
            />
            <DatePickerInput
              label="Até antes de"
              description={HELP.rule.until}
              placeholder="sem fim"
              valueFormat="DD/MM/YYYY"
              clearable
              value={rule.effective?.until ?? null}
              error={errorOf('effective')}
              onChange={(until) => {
                set({ effective: period({ ...rule.effective, until }) });
              }}
            />
          </SimpleGrid>
          <Group justify="space-between">
            <Text size="sm" c={errors.length > 0 ? 'red' : 'dimmed'} role="status">
              {isBusy
                ? 'Conferindo…'
                : errors.length > 0
                  ? `${String(errors.length)} a corrigir`
                  : 'Sem problemas'}
            </Text>
            <Group>
              <Button variant="default" onClick={leave}>
                Voltar
              </Button>
              <Button type="submit" disabled={rule.id === '' || rule.code === ''}>
                {isNew ? 'Acrescentar' : 'Aplicar'}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function period(dates: { readonly from?: string | null; readonly until?: string | null }): {
  readonly from?: string;
  readonly until?: string;
} {
  const { from, until } = dates;
  return { ...(from != null && { from }), ...(until != null && { until }) };
}

/** As the service writes it: an empty validity is none. */
function withoutEmptyPeriod({ effective, ...rule }: PolicyRule): PolicyRule {
  const isEmpty = effective === undefined || Object.keys(effective).length === 0;
  return isEmpty ? rule : { ...rule, effective };
}

export function wordsOf(
  { labelOf, typeOf, field }: ReturnType<typeof useDictionary>,
  lists: readonly PolicyList[],
): FieldWords {
  return {
    labelOf,
    typeOf,
    unitOf: (name) => field(name)?.unit ?? undefined,
    listOf: (name) => lists.find((list) => list.name === name)?.label ?? plainName(name),
  };
}
