import { UnstyledButton } from '@mantine/core';
import { useMemo } from 'react';
import type { Role } from './documents.ts';
import { layOutRoles, type GraphLine, type Place } from './graph-layout.ts';
import { findRelatedRoles, type RelatedRoles } from './related-roles.ts';
import styles from './roles.module.css';
import { SelectedRole } from './selected-role.tsx';

const box = { width: 196, height: 44 };
const gap = { across: 52, down: 14 };
const margin = 16;

interface RoleGraphProps {
  roles: readonly Role[];
  selected: string | null;
  onSelect: (key: string) => void;
}

/** Which role implies which, from the left to the right; the list below it says the same in words. */
export function RoleGraph({ roles, selected, onSelect }: RoleGraphProps) {
  const layout = useMemo(() => layOutRoles(roles), [roles]);
  const related = useMemo(() => findRelatedRoles(roles, selected), [roles, selected]);
  const { places, lines, columns, rows, alone } = layout;
  if (columns === 0) return null;
  const width = columns * box.width + (columns - 1) * gap.across + 2 * margin;
  const height = rows * box.height + (rows - 1) * gap.down + 2 * margin;
  const drawn = lines.map((line) => ({ line, relation: relationOfLine(line, selected, related) }));
  return (
    <section className={styles.graphCard} aria-label="Which role implies which">
      <div className={styles.graphScroller} role="region" aria-label="Graph of roles" tabIndex={0}>
        <div className={styles.graph} style={{ width, height }}>
          <svg width={width} height={height} aria-hidden="true" focusable="false">
            {/* What is told apart is drawn above the rest. */}
            {drawn
              .toSorted((one, other) => Number(one.relation !== undefined) - Number(other.relation !== undefined))
              .map(({ line, relation }) => (
                <path key={`${line.from} ${line.to}`} data-relation={relation} d={drawLine(line.points)} />
              ))}
          </svg>
          {roles.map((role) => {
            const place = places.get(role.key);
            return (
              place && (
                <UnstyledButton
                  key={role.key}
                  className={styles.box}
                  style={{ left: leftOf(place), top: middleOf(place) - box.height / 2, ...box }}
                  data-role={role.key}
                  data-relation={relationOf(role.key, selected, related)}
                  aria-pressed={role.key === selected}
                  title={`${role.displayName} (${role.key})`}
                  onClick={() => onSelect(role.key)}
                >
                  <bdi className={styles.boxName}>{role.displayName}</bdi>
                  <span className={styles.boxKey}>{role.key}</span>
                </UnstyledButton>
              )
            );
          })}
        </div>
      </div>
      <SelectedRole roles={roles} selected={selected} related={related} alone={alone.length} />
    </section>
  );
}

type Relation = 'selected' | 'implied' | 'impliedBy' | undefined;

function relationOf(key: string, selected: string | null, { implied, impliedBy }: RelatedRoles): Relation {
  if (key === selected) return 'selected';
  if (implied.has(key)) return 'implied';
  return impliedBy.has(key) ? 'impliedBy' : undefined;
}

/** A line belongs to the selected role when it is on a way from it, or to it. */
function relationOfLine({ from, to }: GraphLine, selected: string | null, related: RelatedRoles): Relation {
  if (from === selected || related.implied.has(from)) return 'implied';
  return to === selected || related.impliedBy.has(to) ? 'impliedBy' : undefined;
}

/** From the right side of one box to the left side of another, straight on where it passes between boxes; with a tip. */
function drawLine(points: readonly Place[]): string {
  const [start, ...rest] = points;
  if (!start) return '';
  let path = `M ${leftOf(start) + box.width} ${middleOf(start)}`;
  let from = start;
  for (const [index, point] of rest.entries()) {
    const bend = leftOf(point) - gap.across / 2;
    path += ` C ${bend} ${middleOf(from)} ${bend} ${middleOf(point)} ${leftOf(point)} ${middleOf(point)}`;
    if (index < rest.length - 1) path += ` h ${box.width}`;
    from = point;
  }
  return `${path} m -6 -4 l 6 4 l -6 4`;
}

function leftOf({ column }: Place): number {
  return margin + column * (box.width + gap.across);
}

function middleOf({ row }: Place): number {
  return margin + row * (box.height + gap.down) + box.height / 2;
}
