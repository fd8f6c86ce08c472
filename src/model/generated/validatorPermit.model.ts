import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * A hotkey holding a validator permit, one row while uid and hotkey stay the same. id = netuid-seq-uid. Projection `validator_permits`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["hotkey", "netuid", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "uid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class ValidatorPermit {
    constructor(props?: Partial<ValidatorPermit>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @IntColumn_({nullable: false})
    uid!: number

    /**
     * null: the holder of the uid is not known
     */
    @BytesColumn_({nullable: true})
    hotkey!: Uint8Array | undefined | null

    /**
     * how the segment began: epoch | snapshot | storage (read again after a change of hands, a trim or an upgrade) | swapped | moved
     */
    @StringColumn_({nullable: false})
    source!: string

    /**
     * lost (the holder stayed) | replaced | trimmed | dissolved | swapped | moved; null: holds on
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
