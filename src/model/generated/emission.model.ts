import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * Alpha paid to one uid at one epoch; an amount of zero has no row. id = netuid-seq-uid. Projection `emissions`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "uid"], {unique: false})
@Index_(["hotkey", "netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Emission {
    constructor(props?: Partial<Emission>) {
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
    mechanism!: number

    @IntColumn_({nullable: false})
    uid!: number

    /**
     * holder of the uid at the event; null: nobody
     */
    @BytesColumn_({nullable: true})
    hotkey!: Uint8Array | undefined | null

    /**
     * rao
     */
    @BigIntColumn_({nullable: false})
    amount!: bigint

    @DateTimeColumn_({nullable: false})
    blockTime!: Date

    /**
     * height of the epoch
     */
    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
