import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Empty } from '../../parts/states';
import type { PolicyDocument } from './document';
import { newSection, PRODUCTS, withSection, type Product } from './product-view';
import { optionsOf, PRODUCT, wordOf } from '../../words/words';

/** Whose rules, tables, limits and cases the panels show. */
export function ProductSwitch({
  product,
  onChange,
}: {
  readonly product: Product;
  readonly onChange: (product: Product) => void;
}) {
  return (
    <Group gap="sm" mb="md">
      <Text size="sm" fw={500}>
        Produto
      </Text>
      <SegmentedControl
        aria-label="Produto"
        size="sm"
        data={optionsOf(PRODUCT, PRODUCTS)}
        value={product}
        onChange={(chosen) => {
          onChange(chosen);
        }}
      />
    </Group>
  );
}

/** A panel of the product's section, or the way to one where the document has none. */
export function InSection({
  view,
  document,
  product,
  mayAdd,
  onChange,
  children,
}: {
  readonly view: PolicyDocument | undefined;
  readonly document: PolicyDocument;
  readonly product: Product;
  readonly mayAdd: boolean;
  /** Of the whole document. */
  readonly onChange: (document: PolicyDocument) => void;
  readonly children: (view: PolicyDocument) => ReactNode;
}) {
  if (view !== undefined) return children(view);
  return (
    <Empty title={`Esta versão não oferece ${wordOf(PRODUCT, product)}`}>
      {mayAdd && (
        <Button
          mt="sm"
          onClick={() => {
            onChange(withSection(document, product, newSection(product)));
          }}
        >
          Acrescentar o produto
        </Button>
      )}
    </Empty>
  );
}
