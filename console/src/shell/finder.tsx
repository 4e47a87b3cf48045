import { Combobox, Group, Modal, Text, TextInput, useCombobox } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { sentenceOf } from '../api/problem';
import { useSession } from '../session/session-provider';
import { useGoals } from './use-goals';

/** One line to write in: pages, rules, people; and what a key or its beginning, a CNPJ or, for those who may see it, a CPF leads to. */
export function Finder({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  // Enter was pressed before the service had answered: what it finds first is gone to.
  const [isHasty, setHasty] = useState(false);
  const combobox = useCombobox({ opened: true });
  const navigate = useNavigate();
  const { may } = useSession();
  const documents = may('personal_data.reveal') ? 'CPF ou CNPJ' : 'CNPJ';
  const { goals, isBusy, problem, isOnlyForOthers } = useGoals(text);
  const go = (id: string): void => {
    const goal = goals.find((one) => one.id === id);
    if (goal === undefined) return;
    onClose();
    void navigate(goal.to);
  };
  const [first] = goals;
  useEffect(() => {
    if (isHasty && !isBusy && first !== undefined) go(first.id);
  });
  return (
    <Modal opened onClose={onClose} withCloseButton={false} title="Ir para" padding="md" yOffset="10vh">
      <Combobox store={combobox} onOptionSubmit={go}>
        <Combobox.EventsTarget>
          <TextInput
            data-autofocus
            aria-label={`Página, regra, pessoa, chave ou ${documents}`}
            placeholder={`Página, regra, pessoa, início de uma chave ou ${documents}`}
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setHasty(false);
              combobox.resetSelectedOption();
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || combobox.getSelectedOptionIndex() >= 0) return;
              if (isBusy) setHasty(true);
              else if (first !== undefined) go(first.id);
            }}
          />
        </Combobox.EventsTarget>
        <Combobox.Options mt="xs" mah="50vh" style={{ overflowY: 'auto' }}>
          {problem !== undefined && (
            <Text size="sm" c="red" p="xs" role="alert">
              {sentenceOf(problem)}
            </Text>
          )}
          {goals.length === 0 && problem === undefined && (
            <Combobox.Empty>{nothingFound(isBusy, isOnlyForOthers)}</Combobox.Empty>
          )}
          {goals.map(({ id, kind, name, note, isLiteral = false }) => (
            <Combobox.Option key={id} value={id}>
              <Group justify="space-between" wrap="nowrap">
                <div>
                  <Text size="sm" translate={isLiteral ? 'no' : undefined}>
                    {name}
                  </Text>
                  {note !== undefined && (
                    <Text size="xs" c="dimmed" lineClamp={1}>
                      {note}
                    </Text>
                  )}
                </div>
                <Text size="xs" c="dimmed">
                  {kind}
                </Text>
              </Group>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox>
    </Modal>
  );
}

function nothingFound(isBusy: boolean, isOnlyForOthers: boolean): string {
  if (isOnlyForOthers) return 'Só quem pode ver dados pessoais procura por um CPF';
  return isBusy ? 'Procurando…' : 'Nada encontrado com essas letras';
}
