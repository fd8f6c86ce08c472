import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * A hotkey holding a uid, one row while uid, hotkey and coldkey stay the same; segments of one registration share registeredAt and lineage. Projection `tenures`.
 */
@Index_(["netuid", "uid", "validFrom", "fromSeq"], {unique: false})
@Index_(["hotkey", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["lineage", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Tenure {
    constructor(props?: Partial<Tenure>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    uid!: number

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    /**
     * null: not known (snapshot, or registered on the chain's own behalf)
     */
    @BytesColumn_({nullable: true})
    coldkey!: Uint8Array | undefined | null

    /**
     * oldest hotkey of the swap chain in this subnet instance
     */
    @BytesColumn_({nullable: false})
    lineage!: Uint8Array

    /**
     * height of the registration; survives swaps and trims
     */
    @IntColumn_({nullable: false})
    registeredAt!: number

    /**
     * how the segment began: event | owner | snapshot | swapped | moved | coldkey-swapped
     */
    @StringColumn_({nullable: false})
    source!: string

    /**
     * replaced | trimmed | dissolved | swapped | moved | coldkey-swapped; null: holds on
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
