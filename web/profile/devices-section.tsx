import { DeviceList } from '../person/device-list.tsx';
import styles from '../person/person.module.css';
import { QueryView } from '../query-view.tsx';
import { OwnDevicesQuery } from './documents.ts';

/** The laptops and programs that one let in. */
export function DevicesSection({ onDone }: { onDone: (announcement: string) => void }) {
  return (
    <QueryView query={OwnDevicesQuery} variables={{}} what="Your devices">
      {({ viewer }) =>
        viewer && (
          <>
            <p className={styles.introduction}>What you let in by a code; each may do what you may.</p>
            <DeviceList devices={viewer.devices} onDone={onDone} />
          </>
        )
      }
    </QueryView>
  );
}
