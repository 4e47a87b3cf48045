import { Textarea } from '@mantine/core';

/** Why somebody does this, in their own words: the first field of the dialog that asks. */
export function ReasonInput({
  label = 'Motivo',
  description,
  isRequired = true,
  error,
  value,
  onChange,
}: {
  readonly label?: string;
  readonly description?: string;
  readonly isRequired?: boolean;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange: (reason: string) => void;
}) {
  return (
    <Textarea
      label={label}
      description={description}
      data-autofocus
      required={isRequired}
      autosize
      minRows={2}
      value={value}
      error={error}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
