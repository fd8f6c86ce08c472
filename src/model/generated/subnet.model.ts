import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, DateTimeColumn as DateTimeColumn_} from "@subsquid/typeorm-store"

/**
 * One use of a netuid, from registration to dissolution; a segment ends too when the owner's coldkey is swapped. Projection `subnets`.
 */
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class Subnet {
    constructor(props?: Partial<Subnet>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    /**
     * height at which this use of the netuid was registered (0: at genesis); never a netuid alone
     */
    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    modality!: number

    @BytesColumn_({nullable: true})
    ownerColdkey!: Uint8Array | undefined | null

    @BytesColumn_({nullable: true})
    ownerHotkey!: Uint8Array | undefined | null

    /**
     * event: seen registering; snapshot: existed before the first indexed block
     */
    @StringColumn_({nullable: false})
    source!: string

    /**
     * dissolved | reregistered | coldkey-swapped
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    /**
     * ms precision, UTC
     */
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
