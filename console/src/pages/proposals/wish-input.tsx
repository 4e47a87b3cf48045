import { Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { typedDecimal } from '../../format/format';

export interface Wish {
  readonly kind: 'maximum' | 'target';
  /** As typed: "1.234,56". */
  readonly amount: string;
}

export const MOST: Wish = { kind: 'maximum', amount: '' };

/** As the API wants it. What is no amount goes as it stands, for the service to say so. */
export function wishOf({ kind, amount }: Wish) {
  return kind === 'maximum' ? { kind } : { kind, amount: typedDecimal(amount) ?? amount };
}

/** How much the client would like: the most there is, or so much in hand. */
export function WishInput({
  wish,
  error,
  onChange,
}: {
  readonly wish: Wish;
  readonly error?: string | undefined;
  readonly onChange: (wish: Wish) => void;
}) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        Quanto o cliente quer
      </Text>
      <Group align="flex-start">
        <SegmentedControl
          aria-label="Quanto o cliente quer"
          data={[
            { value: 'maximum', label: 'O máximo' },
            { value: 'target', label: 'Um valor' },
          ]}
          value={wish.kind}
          onChange={(kind) => {
            onChange({ ...wish, kind });
          }}
        />
        {wish.kind === 'target' && (
          <TextInput
            aria-label="Valor desejado"
            placeholder="R$ na conta do cliente"
            inputMode="decimal"
            autoComplete="off"
            value={wish.amount}
            error={error}
            onChange={({ currentTarget: { value } }) => {
              onChange({ ...wish, amount: value });
            }}
          />
        )}
      </Group>
    </div>
  );
}
