import { Button } from '@mantine/core';

export function PrintButton({ children = 'Imprimir' }: { readonly children?: string }) {
  return (
    <Button
      variant="default"
      onClick={() => {
        window.print();
      }}
    >
      {children}
    </Button>
  );
}
