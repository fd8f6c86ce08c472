import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * The newest script of each hotkey. Projection `caster_scripts` (platform log).
 */
@Index_(["netuid", "hotkey", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterScript {
    constructor(props?: Partial<CasterScript>) {
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

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @StringColumn_({nullable: false})
    artifactId!: string

    @IntColumn_({nullable: false})
    uidAtSubmit!: number

    @StringColumn_({nullable: false})
    contentSha256!: string

    @IntColumn_({nullable: false})
    bytes!: number

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    submittedAt!: bigint

    /**
     * why the row ended
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
